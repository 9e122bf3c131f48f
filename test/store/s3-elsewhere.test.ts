import { CreateBucketCommand, CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awsClients } from '../../src/aws/clients.js';
import { s3Store } from '../../src/store/s3/store.js';
import { REGION } from '../aws/s3/start.js';
import { storeContract } from '../contract/store.js';
import { temporaryFolder } from '../helpers/folder.js';

/** Address of an S3-compatible service, such as a MinIO of yours; credentials come from the environment. */
const endpoint = process.env['TAAF_TEST_S3'] ?? '';

describe.skipIf(endpoint === '')('S3 store on the service that TAAF_TEST_S3 names', () => {
  const fresh = async () => {
    const bucket = `taaf-test-${randomBytes(6).toString('hex')}`;
    const client = await awsClients({ region: REGION }).s3({ endpoint, pathStyle: true });
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
    return { bucket, client, store: s3Store({ bucket }, client) };
  };

  storeContract(async () => (await fresh()).store);

  it('sends of a broken upload only what is missing, and brings the same bytes back', async () => {
    const { bucket, client, store } = await fresh();
    const folder = await temporaryFolder();
    const content = randomBytes(30_000_000);
    await writeFile(join(folder, 'source'), content);
    const place = { Bucket: bucket, Key: 'sources/e01/a' };
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' }),
    );
    const second = content.subarray(8 * 2 ** 20, 16 * 2 ** 20);
    await client.send(
      new UploadPartCommand({ ...place, UploadId, PartNumber: 2, Body: second, ChecksumAlgorithm: 'CRC64NVME' }),
    );
    const sent: unknown[] = [];
    client.middlewareStack.add(
      (next) => (args) => {
        if ('PartNumber' in args.input && 'Body' in args.input) sent.push(args.input.PartNumber);
        return next(args);
      },
      { step: 'initialize' },
    );
    await store.put(place.Key, { file: join(folder, 'source') });
    expect(sent.sort()).toEqual([1, 3, 4]);
    await (await store.get(place.Key))?.save(join(folder, 'copy'));
    expect((await readFile(join(folder, 'copy'))).equals(content)).toBe(true);
  });
});
