/** The double's EC2, by the SDK's own client: tokens, consistency, lives, capacity, faults. */
import {
  CreateTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeRegionsCommand,
  DescribeSpotPriceHistoryCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  EC2Client,
  GetConsoleOutputCommand,
  paginateDescribeInstances,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startDouble, type AwsDouble } from './double.js';
import { codeOf, credentials, ec2Of, order, prepare, WINDOWS } from './launching.js';

let double: AwsDouble;
let ec2: EC2Client;

beforeEach(async () => {
  double = await startDouble({ machines: 'virtual' });
  prepare(double);
  ec2 = ec2Of(double);
});
afterEach(async () => {
  ec2.destroy();
  await double.stop();
});

const launch = async (token: string, more?: Partial<RunInstancesCommandInput>) =>
  (await ec2.send(new RunInstancesCommand(order(token, more)))).Instances?.[0]?.InstanceId ?? '';
const stateOf = async (id: string) =>
  (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations?.[0]?.Instances?.[0]?.State?.Name;
const seconds = (count: number) => double.advance(count * 1000);

describe('client tokens', () => {
  test('the same request is the same instance, a changed one is refused, another zone is a second instance', async () => {
    const first = await launch('t1');
    expect(await launch('t1')).toBe(first);
    expect(await codeOf(launch('t1', { InstanceType: 'g6.xlarge' }))).toBe('IdempotentParameterMismatch');
    expect(await launch('t1', { SubnetId: 'subnet-0d0b1e00000000002' })).not.toBe(first);
    expect(await launch('t2')).not.toBe(first);
    expect(double.instances()).toHaveLength(3);
  });

  test('a token of a terminated instance makes no other', async () => {
    const id = await launch('t1');
    await seconds(5);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await seconds(60);
    expect(await codeOf(launch('t1'))).toBe('IdempotentInstanceTerminated');
  });

  test('E2: a reply that is lost after the effect leaves one instance, which the same request finds', async () => {
    double.script({ service: 'ec2', action: 'RunInstances', kind: 'drop-after', times: 1 });
    expect(await codeOf(launch('t1'))).toBe('ECONNRESET');
    const id = await launch('t1');
    expect(double.instances().map((instance) => instance.id)).toEqual([id]);
    expect(double.journal.calls('RunInstances', { applied: true })).toHaveLength(2);
    expect(double.journal.events.filter(({ kind }) => kind === 'launched')).toHaveLength(1);
  });

  test('the SDK itself repeats a call that was reset', async () => {
    const patient = new EC2Client({ region: 'us-east-1', endpoint: double.url, credentials: credentials(double) });
    double.script({ service: 'ec2', action: 'DescribeInstances', kind: 'drop-before', times: 1 });
    double.script({ service: 'ec2', action: 'DescribeInstances', kind: 'error', times: 1 });
    expect((await patient.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
    expect(double.journal.calls('DescribeInstances').map(({ code }) => code)).toEqual([
      'ECONNRESET',
      'InternalError',
      undefined,
    ]);
  });
});

test('a clock that runs fast makes the SDK try nothing again that was refused', async () => {
  await double.stop();
  double = await startDouble({ machines: 'virtual', timeScale: 500 });
  const patient = new EC2Client({ region: 'us-east-1', endpoint: double.url, credentials: credentials(double) });
  await seconds(3600);
  double.script({ service: 'ec2', action: 'DescribeInstances', kind: 'denied', times: 1 });
  expect(await codeOf(patient.send(new DescribeInstancesCommand({})))).toBe('UnauthorizedOperation');
  await patient.send(new DescribeInstancesCommand({}));
  expect(double.journal.calls('DescribeInstances')).toHaveLength(2);
});

test('an instance lives from pending to terminated, seen late and remembered for an hour', async () => {
  const id = await launch('t1');
  // E5: unknown at first.
  expect(await codeOf(stateOf(id))).toBe('InvalidInstanceID.NotFound');
  expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  await seconds(3);
  expect(await stateOf(id)).toBe('pending');
  await seconds(20);
  expect(await stateOf(id)).toBe('running');
  await waitUntilInstanceRunning({ client: ec2, minDelay: 1, maxDelay: 1, maxWaitTime: 100 }, { InstanceIds: [id] });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  expect(await stateOf(id)).toBe('shutting-down');
  await seconds(60);
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
    State: { Name: 'terminated' },
    StateReason: { Code: 'Client.UserInitiatedShutdown' },
    ClientToken: 't1',
  });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await seconds(3600);
  expect(await codeOf(stateOf(id))).toBe('InvalidInstanceID.NotFound');
});

test('a machine is paid for by the second it runs, at least a minute, and nobody’s machine is an orphan', async () => {
  const short = await launch('t1');
  const long = await launch('t2', {
    ImageId: WINDOWS,
    BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { Encrypted: true, DeleteOnTermination: true } }],
    InstanceMarketOptions: { MarketType: 'spot' },
  });
  await seconds(25);
  expect(double.orphans([long])).toEqual([short]);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [short] }));
  await seconds(3590);
  const [first, second] = double.bill().lines;
  expect(first).toMatchObject({ instance: short, charged: 60, usdPerHour: 0.9776 });
  expect(first?.seconds).toBeGreaterThanOrEqual(10);
  expect(second).toMatchObject({ instance: long, charged: 3601, market: 'spot' });
  // The licence of Windows is paid in full on spot.
  expect(second?.usdPerHour).toBeCloseTo(0.9776 * 0.4 + 8 * 0.046, 6);
  expect(double.orphans([])).toEqual([long]);
});

test('lists are filtered and come in pages', async () => {
  for (let at = 0; at < 7; at += 1) await launch(`t${at}`);
  await seconds(20);
  await ec2.send(
    new CreateTagsCommand({ Resources: [double.instances()[0]?.id ?? ''], Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  const find = async (Name: string, ...Values: string[]) =>
    (await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name, Values }] }))).Reservations?.length;
  expect(await find('tag:a', 'b')).toBe(1);
  expect(await find('tag:taaf:install', 'a-*')).toBe(7);
  expect(await find('client-token', 't3', 't4')).toBe(2);
  expect(await find('instance-state-name', 'pending', 'running')).toBe(7);
  expect(await find('instance-state-name', 'terminated')).toBe(0);
  expect(await codeOf(find('colour', 'red'))).toBe('InvalidParameterValue');
  const pages: number[] = [];
  for await (const { Reservations } of paginateDescribeInstances({ client: ec2, pageSize: 5 }, {}))
    pages.push(Reservations?.length ?? 0);
  expect(pages).toEqual([5, 2]);
  const west = ec2Of(double, 'us-west-2');
  expect((await west.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
});

test('what cannot be had is refused in EC2’s words', async () => {
  const back = double.capacity({ type: 'g6.2xlarge', zone: 'us-east-1a' });
  expect(await codeOf(launch('t1'))).toBe('InsufficientInstanceCapacity');
  back();
  const id = await launch('t1');
  double.account.quotas['on-demand'] = 8;
  expect(await codeOf(launch('t2'))).toBe('VcpuLimitExceeded');
  const spot = { InstanceMarketOptions: { MarketType: 'spot' as const } };
  await launch('t3', spot);
  double.account.quotas.spot = 8;
  expect(await codeOf(launch('t4', spot))).toBe('MaxSpotInstanceCountExceeded');
  double.account.quotas['on-demand'] = 64;
  expect(await codeOf(launch('t5', { InstanceType: 'g6e.xlarge', SubnetId: 'subnet-0d0b1e00000000003' }))).toBe(
    'Unsupported',
  );
  // E36: a spot machine cannot be stopped, another can; it costs nothing then.
  await seconds(20);
  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await seconds(100);
  expect(await stateOf(id)).toBe('stopped');
  expect(double.bill().lines[0]?.charged).toBe(60);
});

test('orders that EC2 would refuse are refused, and so are those that break TAAF’s own rules', async () => {
  const refused = (more: Partial<RunInstancesCommandInput>) => codeOf(launch('t', more));
  expect(await refused({ ImageId: 'ami-00000000' })).toBe('InvalidAMIID.NotFound');
  expect(await refused({ InstanceType: 'g9.huge' as 'g6.xlarge' })).toBe('InvalidParameterValue');
  expect(await refused({ SubnetId: 'subnet-1' })).toBe('InvalidSubnetID.NotFound');
  expect(await refused({ IamInstanceProfile: { Name: 'nobody' } })).toBe('InvalidParameterValue');
  expect(await refused({ UserData: 'no base 64' })).toBe('InvalidUserData.Malformed');
  expect(await refused({ UserData: Buffer.alloc(16_385).toString('base64') })).toBe('InvalidParameterValue');
  expect(await refused({ ClientToken: 'x'.repeat(65) })).toBe('InvalidParameterValue');
  expect(await refused({ HibernationOptions: { Configured: true } })).toBe('UnknownParameter');
  expect(await refused({ DryRun: true })).toBe('DryRunOperation');
  for (const broken of [
    { InstanceInitiatedShutdownBehavior: 'stop' as const },
    { MetadataOptions: { HttpTokens: 'optional' as const, HttpPutResponseHopLimit: 1 } },
    { TagSpecifications: [] },
    { SecurityGroupIds: ['default'] },
    { KeyName: 'key' },
    { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }] },
  ])
    expect(await refused(broken)).toBe('TaafRuleBroken');
  expect(double.instances()).toEqual([]);
});

test('E48: a launch may come back otherwise than it was asked for', async () => {
  double.twist({ shutdownBehavior: 'stop', encrypted: false, httpTokens: 'optional', times: 1 });
  const [bad, good] = [await launch('t1'), await launch('t2')];
  await seconds(20);
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [bad, good] }));
  expect(Reservations.map(({ Instances }) => Instances?.[0]?.MetadataOptions?.HttpTokens)).toEqual([
    'optional',
    'required',
  ]);
  const behaviour = async (InstanceId: string) => {
    const question = { InstanceId, Attribute: 'instanceInitiatedShutdownBehavior' as const };
    const { InstanceInitiatedShutdownBehavior: answer } = await ec2.send(
      new DescribeInstanceAttributeCommand(question),
    );
    return answer?.Value;
  };
  expect([await behaviour(bad), await behaviour(good)]).toEqual(['stop', 'terminate']);
});

test('a virtual machine keeps the timers of its user data, and its driver moves them', async () => {
  const script = '#!/bin/sh\nshutdown -h +45\n';
  const UserData = Buffer.from(script).toString('base64');
  const [left, worked] = [await launch('t1', { UserData }), await launch('t2', { UserData })];
  await seconds(600);
  double.machines.endAfter(worked, 7200);
  await seconds(2700);
  expect([await stateOf(left), await stateOf(worked)]).toEqual(['terminated', 'running']);
  await seconds(7200);
  expect(double.orphans([])).toEqual([]);
});

test('what it does not know it does not ignore', async () => {
  expect(await codeOf(ec2.send(new GetConsoleOutputCommand({ InstanceId: 'i-00000000' })))).toBe('InvalidAction');
  expect(await codeOf(ec2.send(new DescribeRegionsCommand({ AllRegions: true })))).toBe('DoubleIgnored');
  const form = (body: string, headers: Record<string, string> = {}) =>
    fetch(double.url, { method: 'POST', body, headers });
  const unsigned = await form('Action=DescribeInstances&Version=2016-11-15');
  expect([unsigned.status, await unsigned.text()]).toEqual([
    403,
    expect.stringContaining('MissingAuthenticationToken'),
  ]);
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIAX/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const strange = await form('Action=DescribeInstances&Version=2016-11-15&Colour=red', { authorization });
  expect([strange.status, await strange.text()]).toEqual([400, expect.stringContaining('UnknownParameter')]);
});

test('E49: terminate may be throttled, denied, or accepted and stuck', async () => {
  const id = await launch('t1');
  await seconds(20);
  const end = () => codeOf(ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })));
  double.script({ service: 'ec2', action: 'TerminateInstances', kind: 'throttled', times: 1 });
  double.script({ service: 'ec2', action: 'TerminateInstances', kind: 'denied', times: 1 });
  double.script({ service: 'ec2', action: 'TerminateInstances', kind: 'stuck', times: 1 });
  expect([await end(), await end(), await end()]).toEqual(['RequestLimitExceeded', 'UnauthorizedOperation', undefined]);
  await seconds(1000);
  expect(await stateOf(id)).toBe('shutting-down');
  double.account.instances.unstick();
  await seconds(60);
  expect(await stateOf(id)).toBe('terminated');
});

test('E51: an expired sign-in is said by every service, and is over when the user has signed in', async () => {
  const sts = new STSClient({
    region: 'us-east-1',
    endpoint: double.url,
    credentials: credentials(double),
    maxAttempts: 1,
  });
  double.signIn('expired');
  expect(await codeOf(sts.send(new GetCallerIdentityCommand({})))).toBe('ExpiredToken');
  expect(await codeOf(ec2.send(new DescribeInstancesCommand({})))).toBe('RequestExpired');
  double.signIn('valid');
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '123456789012' });
});

test('an account shows its network, offers, prices, volumes and quotas', async () => {
  const id = await launch('t1');
  await seconds(20);
  const { Subnets } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] }),
  );
  expect(Subnets?.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c']);
  const { InstanceTypeOfferings } = await ec2.send(
    new DescribeInstanceTypeOfferingsCommand({
      LocationType: 'availability-zone',
      Filters: [{ Name: 'instance-type', Values: ['g6e.xlarge'] }],
    }),
  );
  expect(InstanceTypeOfferings).toHaveLength(2);
  const { SpotPriceHistory } = await ec2.send(
    new DescribeSpotPriceHistoryCommand({
      InstanceTypes: ['g6.2xlarge'],
      ProductDescriptions: ['Windows'],
      StartTime: new Date(),
    }),
  );
  expect(SpotPriceHistory?.map(({ SpotPrice }) => Number(SpotPrice))[0]).toBeCloseTo(0.75904, 5);
  const { Volumes } = await ec2.send(
    new DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }),
  );
  expect(Volumes).toMatchObject([{ Encrypted: true, Size: 100, State: 'in-use' }]);
  const attribute = await ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'instanceInitiatedShutdownBehavior' }),
  );
  expect(attribute.InstanceInitiatedShutdownBehavior?.Value).toBe('terminate');
  const quotas = new ServiceQuotasClient({
    region: 'us-east-1',
    endpoint: double.url,
    credentials: credentials(double),
  });
  const { Quota } = await quotas.send(new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: 'L-DB2E81BA' }));
  expect(Quota?.Value).toBe(64);
});
