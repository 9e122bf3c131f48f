import { describe, expect, it } from 'vitest';
import { awsClients } from '../../src/aws/clients.js';
import { ensureBucket, removeBucket, type SeasonBucket } from '../../src/store/s3/bucket.js';
import { ACCOUNT, REGION, startS3, type S3Double } from '../aws/s3/start.js';
import { addBucket } from '../aws/s3/state.js';
import { credentials } from './s3-store.js';

const season: SeasonBucket = {
  name: `taaf-0123456789abcdef-${ACCOUNT}-${REGION}-k3v9zq`,
  region: REGION,
  account: ACCOUNT,
  install: '0123456789abcdef',
  season: 'voyager-s1-9f86d081',
};

const clientOf = async ({ url }: S3Double, region = REGION) => {
  Object.assign(process.env, credentials);
  return awsClients({ region }).s3({ endpoint: url, pathStyle: true });
};

it('is made closed to the public, TLS only, with an end to broken uploads, and tagged', async () => {
  const s3 = await startS3();
  expect(await ensureBucket(await clientOf(s3), season)).toBe('created');
  const { settings } = s3.state.buckets.get(season.name) ?? {};
  expect(settings?.get('publicAccessBlock')?.match(/>true</g)).toHaveLength(4);
  const policy = JSON.parse(settings?.get('policy') ?? '') as { Statement: object[] };
  expect(policy.Statement).toMatchObject([
    { Effect: 'Deny', Principal: '*', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  ]);
  expect(settings?.get('lifecycle')).toContain('<DaysAfterInitiation>1</DaysAfterInitiation>');
  expect(settings?.get('tagging')).toContain(season.season);
  expect(settings?.has('versioning')).toBe(false);
});

it('is adopted when it is ours, and finished when its making was cut off', async () => {
  const s3 = await startS3();
  const client = await clientOf(s3);
  s3.script((action) => (action === 'PutBucketPolicy' ? { kind: 'denied' } : undefined));
  await expect(ensureBucket(client, season)).rejects.toMatchObject({ kind: 'permission' });
  s3.script(() => undefined);
  expect(await ensureBucket(client, season)).toBe('adopted');
  expect(s3.state.buckets.get(season.name)?.settings.has('policy')).toBe(true);
  expect(await ensureBucket(client, season)).toBe('adopted');
});

it('is made once although the answer is lost', async () => {
  const s3 = await startS3();
  s3.script((action, n) => (action === 'CreateBucket' && n === 1 ? { kind: 'drop-after' } : undefined));
  expect(await ensureBucket(await clientOf(s3), season)).toBe('created');
});

it('is made in us-east-1, which wants no location and knows no conflict', async () => {
  const s3 = await startS3();
  const client = await clientOf(s3, 'us-east-1');
  s3.script((action, n) => (action === 'CreateBucket' && n === 1 ? { kind: 'drop-after' } : undefined));
  expect(await ensureBucket(client, { ...season, region: 'us-east-1' })).toBe('created');
});

it('is made when another change of that name is over', async () => {
  const s3 = await startS3();
  s3.script((action, n) =>
    action === 'CreateBucket' && n <= 2 ? { kind: 'code', code: 'OperationAborted', status: 409 } : undefined,
  );
  expect(await ensureBucket(await clientOf(s3), season)).toBe('created');
});

describe('is refused when it', () => {
  it("is another account's", async () => {
    const s3 = await startS3();
    addBucket(s3.state, { name: season.name, region: REGION, owner: '999999999999' });
    await expect(ensureBucket(await clientOf(s3), season)).rejects.toMatchObject({ kind: 'permission' });
    await expect(removeBucket(await clientOf(s3), season)).rejects.toMatchObject({ kind: 'permission' });
    expect(s3.state.buckets.has(season.name)).toBe(true);
  });

  it("is another season's", async () => {
    const s3 = await startS3();
    const client = await clientOf(s3);
    await ensureBucket(client, { ...season, season: 'another' });
    await expect(ensureBucket(client, season)).rejects.toMatchObject({
      kind: 'permission',
      message: `The bucket ${season.name} belongs to somebody else`,
    });
    await expect(removeBucket(client, season)).rejects.toMatchObject({ kind: 'permission' });
  });

  it('lies in another region', async () => {
    const s3 = await startS3();
    addBucket(s3.state, { name: season.name, region: 'us-west-2', owner: ACCOUNT });
    await expect(ensureBucket(await clientOf(s3), season)).rejects.toMatchObject({ kind: 'usage' });
  });
});

describe('is removed', () => {
  it('with objects and open uploads, and again without an error', async () => {
    const s3 = await startS3({ pageSize: 2 });
    const client = await clientOf(s3);
    await ensureBucket(client, season);
    const { CreateMultipartUploadCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
    for (const Key of ['a', 'b/1', 'b/2']) {
      await client.send(new PutObjectCommand({ Bucket: season.name, Key, Body: 'x' }));
      await client.send(new CreateMultipartUploadCommand({ Bucket: season.name, Key }));
    }
    await removeBucket(client, season);
    expect(s3.state.buckets.has(season.name)).toBe(false);
    await removeBucket(client, season);
  });

  it('although a machine puts something in its last seconds, and the answer is lost', async () => {
    const s3 = await startS3();
    const client = await clientOf(s3);
    await ensureBucket(client, season);
    s3.script((action, n) => {
      if (action !== 'DeleteBucket') return undefined;
      return n === 1
        ? { kind: 'code', code: 'BucketNotEmpty', status: 409 }
        : n === 2
          ? { kind: 'drop-after' }
          : undefined;
    });
    await removeBucket(client, season);
    expect(s3.state.buckets.has(season.name)).toBe(false);
  });
});
