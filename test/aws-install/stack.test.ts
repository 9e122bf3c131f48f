import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { installBucketName, instanceProfileName, roleName, stackName, startDocumentName } from '../../src/aws/names.js';
import { installState } from '../../src/aws/site.js';
import { ensureStack, removeStack } from '../../src/aws/stack.js';
import { installTemplate } from '../../src/aws/template/template.js';
import type { Failure } from '../../src/domain/failures.js';
import { addBucket } from '../aws/s3/state.js';
import { VPC } from '../aws/ec2/place.js';
import { ACCOUNT, INSTALL, REGION, SITE, startCloud, type Cloud } from './cloud.js';

const name = stackName(INSTALL);
const bucket = installBucketName(INSTALL, ACCOUNT, REGION);
const startDocument = { schemaVersion: '2.2', description: 'Starts the agent', mainSteps: [] };
const terminator = await readFile(new URL('../../assets/aws/terminator.cjs', import.meta.url), 'utf8');
const template = installTemplate({ ...SITE, vpc: VPC, startDocument, terminator });

async function ensure({ clients }: Cloud, wanted: object = template) {
  const lines: string[] = [];
  const watch = { signal: new AbortController().signal, report: (line: string) => void lines.push(line), everyMs: 2 };
  const done = await ensureStack(
    await clients.cloudFormation(),
    { name, template: wanted, tags: { 'taaf:install': INSTALL } },
    watch,
  );
  return { done, lines };
}

async function remove({ clients }: Cloud) {
  await removeStack(await clients.cloudFormation(), name, {
    signal: new AbortController().signal,
    report: () => undefined,
    everyMs: 2,
  });
}

const failureOf = async (act: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toHaveProperty('kind');
  return error as Failure;
};

describe('the stack', () => {
  it('is made as the template says, told step by step, and found again', async () => {
    const cloud = await startCloud();
    const { world } = cloud.double;
    const { done, lines } = await ensure(cloud);
    expect(done).toBe('created');
    expect(lines).toContain('Bucket (AWS::S3::Bucket): create complete');

    const made = cloud.s3.buckets.get(bucket);
    expect([...(made?.settings.keys() ?? [])].sort()).toEqual(
      ['encryption', 'lifecycle', 'ownershipControls', 'policy', 'publicAccessBlock', 'tagging'].sort(),
    );
    expect(made?.settings.get('tagging')).toContain(INSTALL);
    expect(JSON.parse(world.documents.get(startDocumentName(INSTALL))?.content ?? '')).toEqual(startDocument);
    expect(world.resources.get(instanceProfileName(INSTALL, REGION))?.properties).toMatchObject({
      Roles: [roleName(INSTALL, REGION)],
    });
    const state = await installState(cloud.clients, INSTALL);
    expect(state).toMatchObject({
      state: 'ready',
      outputs: { Bucket: bucket, StartDocument: startDocumentName(INSTALL), Vpc: VPC },
    });
    expect(world.resources.get(state.outputs?.SecurityGroup ?? '')?.properties).toMatchObject({
      SecurityGroupIngress: [],
      Tags: [{ Key: 'taaf:install', Value: INSTALL }],
    });
  });

  it('is left alone where nothing changes, and changed where something does', async () => {
    const cloud = await startCloud();
    await ensure(cloud);
    const sets = () => cloud.double.journal.calls('CreateChangeSet').length;
    expect((await ensure(cloud)).done).toBe('unchanged');
    expect(sets()).toBe(1);

    const newer = { ...startDocument, description: 'Starts the agent otherwise' };
    const changed = await ensure(cloud, installTemplate({ ...SITE, vpc: VPC, startDocument: newer }));
    expect(changed.done).toBe('updated');
    expect(cloud.double.world.documents.get(startDocumentName(INSTALL))?.content).toContain('otherwise');
    // The terminator was left out this time.
    expect([...cloud.double.world.resources.values()].map(({ type }) => type)).not.toContain('AWS::Lambda::Function');
  });

  it('says what AWS gives as the first reason, and is made again after that is mended', async () => {
    const cloud = await startCloud();
    addBucket(cloud.s3, { name: bucket, region: REGION, owner: '999999999999' });
    const failure = await failureOf(ensure(cloud));
    expect(failure.kind).toBe('configure-failed');
    expect(failure.message).toContain('ROLLBACK_COMPLETE');
    expect(failure.evidence).toContain('Bucket (AWS::S3::Bucket): The requested bucket name is not available');
    expect(await installState(cloud.clients, INSTALL)).toEqual({ state: 'broken', status: 'ROLLBACK_COMPLETE' });

    cloud.s3.buckets.delete(bucket);
    const again = await ensure(cloud);
    expect(again.done).toBe('created');
    expect(again.lines[0]).toBe('What an earlier attempt has left is removed first');
  });

  it('goes back to what it was when a change fails', async () => {
    const cloud = await startCloud();
    await ensure(cloud);
    const failure = await failureOf(
      ensure(cloud, installTemplate({ ...SITE, vpc: 'vpc-0123456789abcdef0', startDocument, terminator })),
    );
    expect(failure.message).toContain('UPDATE_ROLLBACK_COMPLETE');
    expect(failure.evidence).toContain('MachineSecurityGroup');
    expect((await installState(cloud.clients, INSTALL)).state).toBe('ready');
  });

  it('comes to the same end when two make it at once, and when an answer is lost', async () => {
    const cloud = await startCloud();
    const [first, second] = await Promise.all([ensure(cloud), ensure(cloud)]);
    expect([first.done, second.done]).toContain('created');
    expect(cloud.s3.buckets.size).toBe(1);

    const newer = installTemplate({ ...SITE, vpc: VPC, startDocument: { ...startDocument, description: 'Newer' } });
    cloud.double.script({ service: 'cloudformation', action: 'ExecuteChangeSet', kind: 'drop-after', times: 1 });
    expect((await ensure(cloud, newer)).done).toBe('updated');
    expect((await ensure(cloud, newer)).done).toBe('unchanged');
    expect(cloud.double.journal.events.filter(({ kind }) => kind === 'stack')).toHaveLength(2);
  });

  it('is removed with all that it made, once and again', async () => {
    const cloud = await startCloud();
    const before = cloud.double.world.resources.size;
    await ensure(cloud);
    await remove(cloud);
    await remove(cloud);
    expect(cloud.double.world.resources.size).toBe(before);
    expect(cloud.double.world.documents.size).toBe(0);
    expect(cloud.s3.buckets.size).toBe(0);
    expect(await installState(cloud.clients, INSTALL)).toEqual({ state: 'absent' });
  });

  it('says what holds it when AWS cannot remove it', async () => {
    const cloud = await startCloud();
    await ensure(cloud);
    cloud.s3.buckets.get(bucket)?.uploads.set('x', { id: 'x' } as never);
    const failure = await failureOf(remove(cloud));
    expect(failure.evidence).toContain('Bucket (AWS::S3::Bucket): The bucket you tried to delete is not empty');
    cloud.s3.buckets.get(bucket)?.uploads.clear();
    await remove(cloud);
    expect(await installState(cloud.clients, INSTALL)).toEqual({ state: 'absent' });
  });

  it('names the right that is missing (E52)', async () => {
    const cloud = await startCloud();
    cloud.double.script({ service: 'cloudformation', action: 'CreateChangeSet', kind: 'denied' });
    const failure = await failureOf(ensure(cloud));
    expect(failure).toMatchObject({ kind: 'permission' });
    expect(failure.evidence).toContain('AccessDenied');
  });
});
