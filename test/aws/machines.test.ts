/** Machines of the double are real: their user data runs, SSM's documents run on them, and nothing of them is left when they end. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RebootInstancesCommand, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CancelCommandCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  ListCommandInvocationsCommand,
  PutParameterCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { fromInstanceMetadata } from '@aws-sdk/credential-providers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../helpers/until.js';
import { startDouble, type AwsDouble } from './double.js';
import { codeOf, credentials, ec2Of, order, prepare, WINDOWS } from './launching.js';
import { marked, markOf } from './machine/processes.js';

let double: AwsDouble;
let ssm: SSMClient;

beforeEach(async () => {
  double = await startDouble({ timeScale: 20, delays: { visible: 0, running: 1_000, boot: 1_000, agent: 2_000 } });
  prepare(double);
  ssm = new SSMClient({ region: 'us-east-1', endpoint: double.url, credentials: credentials(double), maxAttempts: 1 });
});
afterEach(async () => {
  ssm.destroy();
  await double.stop();
});

let launches = 0;
async function launch(userData = '#!/bin/sh\ntrue\n', more: Parameters<typeof order>[1] = {}): Promise<string> {
  const ec2 = ec2Of(double);
  const input = order(`m${(launches += 1)}`, { UserData: Buffer.from(userData).toString('base64'), ...more });
  const id = (await ec2.send(new RunInstancesCommand(input))).Instances?.[0]?.InstanceId ?? '';
  ec2.destroy();
  return id;
}
const events = (kind: string, instance: string) =>
  double.journal.events.filter((event) => event.kind === kind && event['instance'] === instance);
const stateOf = (id: string) => double.account.instances.find(id)?.state;
const folderOf = (id: string) => join(double.world.folder, 'machines', id);
const metadataOf = (id: string) => double.machines.find(id)?.environment['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? '';
const alive = (id: string) => marked(markOf(id));
async function online(id: string): Promise<void> {
  await until(async () => {
    const { InstanceInformationList } = await ssm.send(
      new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [id] }] }),
    );
    return InstanceInformationList?.[0]?.PingStatus === 'Online';
  });
}

const FOREVER =
  '#!/bin/sh\necho up >"$TAAF_ROOT/up"\nsetsid sh -c "exec sleep 100000" >/dev/null 2>&1 &\nexec sleep 100000\n';
const isUp = (id: string) => until(() => existsSync(join(folderOf(id), 'root', 'up')));

test('user data run once, at the first boot, with a root and programs of the machine’s own', async () => {
  const id = await launch(
    '#!/bin/sh\necho "$TAAF_ROOT" >>"$TAAF_ROOT/said"; command -v shutdown >>"$TAAF_ROOT/said"\n',
  );
  await until(() => events('program-ended', id).length === 1);
  const root = join(folderOf(id), 'root');
  const said = `${root}\n${join(folderOf(id), 'bin', 'shutdown')}\n`;
  expect(await readFile(join(root, 'said'), 'utf8')).toBe(said);
  const ec2 = ec2Of(double);
  await ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
  await until(() => events('booted', id).length === 2 && double.machines.find(id) !== undefined);
  expect(await readFile(join(root, 'said'), 'utf8')).toBe(said);
});

describe('the end of a machine', () => {
  test('terminated, every process of it is gone, detached ones too', async () => {
    const id = await launch(FOREVER);
    await isUp(id);
    await until(async () => (await alive(id)).length === 2);
    const ec2 = ec2Of(double);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await until(async () => (await alive(id)).length === 0);
  });

  test('E46: its own shutdown terminates it and stops the bill; shutting down anew replaces the time, and it can be called off', async () => {
    const id = await launch('#!/bin/sh\nshutdown -h +100000\nshutdown -c\nshutdown -h +2\nexec sleep 100000\n');
    await until(() => events('shutdown-armed', id).length === 2);
    await double.advance(160_000);
    expect(stateOf(id)).toBe('terminated');
    expect(events('shutdown-armed', id).map(({ seconds }) => seconds)).toEqual([6_000_000, 120]);
    expect(events('shutdown-cancelled', id)).toHaveLength(1);
    expect(double.account.instances.find(id)?.reason?.Code).toBe('Client.InstanceInitiatedShutdown');
    const charged = double.bill().lines[0]?.charged ?? 0;
    expect(charged).toBeGreaterThanOrEqual(120);
    await double.advance(3_600_000);
    expect(double.bill().lines[0]?.charged).toBe(charged);
    expect(double.orphans([])).toEqual([]);
    await until(async () => (await alive(id)).length === 0);
  });

  test('units that are enabled run at every boot, and a timer ends it at its date', async () => {
    const deadline = new Date(double.world.now() + 3_600_000).toISOString();
    const id = await launch(
      [
        '#!/bin/sh',
        `printf '%s\\n' '[Service]' 'Type=oneshot' 'ExecStart=/sbin/shutdown -h +90' '[Install]' 'WantedBy=multi-user.target' >/etc/systemd/system/end-boot.service`,
        `printf '%s\\n' '[Service]' 'Type=oneshot' 'ExecStart=/sbin/shutdown -h now' >/etc/systemd/system/end.service`,
        `printf '%s\\n' '[Timer]' 'OnCalendar=${deadline.slice(0, 10)} ${deadline.slice(11, 19)} UTC' 'Persistent=true' '[Install]' 'WantedBy=timers.target' >/etc/systemd/system/end.timer`,
        'systemctl daemon-reload && systemctl enable end-boot.service && systemctl enable --now end.timer',
      ].join('\n'),
    );
    await until(() => events('program-ended', id).length === 1);
    expect(events('program-ended', id)[0]?.['code']).toBe(0);
    expect(events('shutdown-armed', id)).toHaveLength(0);
    await ec2Of(double).send(new RebootInstancesCommand({ InstanceIds: [id] }));
    await until(() => events('shutdown-armed', id).length === 1);
    await double.advance(3_600_000);
    await until(() => events('shutdown-armed', id).length === 2);
    await double.advance(60_000);
    expect(stateOf(id)).toBe('terminated');
    expect(events('shutdown-armed', id).map(({ seconds }) => seconds)).toEqual([5_400, 0]);
  });

  test('E34: a spot machine is told two minutes ahead, and then taken back', async () => {
    const id = await launch(FOREVER, { InstanceMarketOptions: { MarketType: 'spot' } });
    await isUp(id);
    const url = metadataOf(id);
    const token = await (
      await fetch(`${url}/latest/api/token`, {
        method: 'PUT',
        headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
      })
    ).text();
    const action = () =>
      fetch(`${url}/latest/meta-data/spot/instance-action`, { headers: { 'x-aws-ec2-metadata-token': token } });
    expect((await action()).status).toBe(404);
    double.machines.reclaim(id);
    expect(await (await action()).json()).toMatchObject({ action: 'terminate' });
    expect(stateOf(id)).toBe('running');
    await double.advance(120_000);
    expect(double.account.instances.find(id)?.reason?.Code).toBe('Server.SpotInstanceTermination');
    await until(async () => (await alive(id)).length === 0);
  });

  test('a Windows machine runs nothing, but its dead-man is understood', async () => {
    const windows = {
      ImageId: WINDOWS,
      BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { Encrypted: true, DeleteOnTermination: true } }],
    };
    const script = (...lines: string[]) => ['<script>', ...lines, '</script>'].join('\r\n');
    const id = await launch(
      script(
        'shutdown /s /f /t 600',
        'schtasks /create /f /ru SYSTEM /tn end /sc onstart /tr "shutdown /s /f /t 1200"',
      ),
      windows,
    );
    const careless = await launch(script('echo hello'), windows);
    await double.advance(200_000);
    expect(events('user-data-understood', id)).toMatchObject([{ first: 600, everyBoot: 1200 }]);
    expect(existsSync(folderOf(id))).toBe(false);
    await ec2Of(double).send(new RebootInstancesCommand({ InstanceIds: [id] }));
    await double.advance(1_000_000);
    expect(stateOf(id)).toBe('running');
    await double.advance(400_000);
    expect([stateOf(id), stateOf(careless)]).toEqual(['terminated', 'running']);
  });
});

test('the metadata service speaks version 2 only, and gives the role’s credentials', async () => {
  const id = await launch(FOREVER);
  await isUp(id);
  const url = metadataOf(id);
  expect((await fetch(`${url}/latest/meta-data/instance-id`)).status).toBe(401);
  process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = url;
  const given = await fromInstanceMetadata()().finally(() => delete process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT']);
  expect(double.world.caller(given.accessKeyId)).toEqual({
    arn: `arn:aws:sts::123456789012:assumed-role/taaf-test-machine/${id}`,
    instanceId: id,
  });
});

describe('commands', () => {
  const DOCUMENT = 'taaf-test';
  const prepareDocument = (...script: string[]) =>
    double.world.documents.set(DOCUMENT, {
      content: JSON.stringify({
        schemaVersion: '2.2',
        parameters: { word: { type: 'String', allowedPattern: '^[a-z]{1,9}$', interpolationType: 'ENV_VAR' } },
        mainSteps: [
          {
            action: 'aws:runShellScript',
            name: 'linux',
            precondition: { StringEquals: ['platformType', 'Linux'] },
            inputs: { runCommand: script, timeoutSeconds: '60' },
          },
        ],
      }),
    });
  const send = async (InstanceId: string, word = 'hello') => {
    const input = { DocumentName: DOCUMENT, InstanceIds: [InstanceId], Parameters: { word: [word] } };
    return (await ssm.send(new SendCommandCommand(input))).Command?.CommandId ?? '';
  };
  const look = (CommandId: string, InstanceId: string) =>
    ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
  const ended = async (command: string, id: string) => {
    await until(async () => {
      const { Status } = await look(command, id).catch((error: unknown) => {
        if ((error as Error).name !== 'InvocationDoesNotExist') throw error;
        return { Status: undefined };
      });
      return Status !== undefined && !['Pending', 'InProgress'].includes(Status);
    });
    return look(command, id);
  };

  test('a document’s script really runs on the machine, with its values in the environment', async () => {
    prepareDocument('echo "$SSM_word {{ word }} in $TAAF_ROOT"', 'echo bad >&2', 'exit "${#SSM_word}"');
    const id = await launch();
    expect(await codeOf(send(id))).toBe('InvalidInstanceId');
    await online(id);
    const command = await send(id);
    expect(await codeOf(look(command, id))).toBe('InvocationDoesNotExist');
    expect(await ended(command, id)).toMatchObject({
      Status: 'Failed',
      StatusDetails: 'Failed',
      ResponseCode: 5,
      StandardOutputContent: `hello {{ word }} in ${join(folderOf(id), 'root')}\n`,
      StandardErrorContent: 'bad\n',
    });
    expect(await codeOf(send(id, 'no; rm'))).toBe('InvalidParameters');
    expect(await codeOf(ssm.send(new SendCommandCommand({ DocumentName: 'none', InstanceIds: [id] })))).toBe(
      'InvalidDocument',
    );
    // E41: there is no token; the same command twice runs twice.
    const again = await send(id);
    expect(again).not.toBe(command);
    await ended(again, id);
    const { CommandInvocations } = await ssm.send(new ListCommandInvocationsCommand({ InstanceId: id, Details: true }));
    expect(CommandInvocations?.map(({ CommandPlugins }) => CommandPlugins?.[0]?.ResponseCode)).toEqual([5, 5]);
  });

  test('nothing is told before the end, and then not everything; a cancel ends the shell and not its children', async () => {
    prepareDocument(
      'yes | head -c 30000; sh -c "exec sleep 100000" >/dev/null 2>&1 & echo $! >"$TAAF_ROOT/child"; sleep 100000',
    );
    const id = await launch();
    await online(id);
    const command = await send(id);
    const child = join(folderOf(id), 'root', 'child');
    await until(() => existsSync(child) && readFileSync(child, 'utf8').endsWith('\n'));
    await double.advance(2_000);
    expect(await look(command, id)).toMatchObject({
      Status: 'InProgress',
      StandardOutputContent: '',
      ResponseCode: -1,
    });
    await ssm.send(new CancelCommandCommand({ CommandId: command }));
    expect(await ended(command, id)).toMatchObject({ Status: 'Cancelled', StatusDetails: 'Cancelled' });
    expect(await alive(id)).toContain(Number(readFileSync(child, 'utf8')));
    prepareDocument('yes | head -c 30000');
    expect((await ended(await send(id), id)).StandardOutputContent).toHaveLength(24_000);
  });

  test('E38, E40: a lost agent, an overlong script, and what a script of the test says', async () => {
    prepareDocument('sleep 100000');
    const id = await launch();
    await online(id);
    expect(await ended(await send(id), id)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'ExecutionTimedOut' });
    double.commandOutcomes.push({ status: 'Failed', details: 'Undeliverable' });
    expect(await ended(await send(id), id)).toMatchObject({ Status: 'Failed', StatusDetails: 'Undeliverable' });
    double.machines.setAgent(id, 'lost');
    const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({}));
    expect(InstanceInformationList).toMatchObject([{ PingStatus: 'ConnectionLost', PlatformType: 'Linux' }]);
    const command = await send(id);
    await double.advance(3_700_000);
    expect(await look(command, id)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' });
  });
});

test('parameters: public ones of images, and secrets that need decryption', async () => {
  const get = async (Name: string, WithDecryption = false) =>
    (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter?.Value;
  expect(await get('/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base')).toBe(WINDOWS);
  expect(await codeOf(get('/taaf/none'))).toBe('ParameterNotFound');
  const put = { Name: '/taaf/x/licence', Value: 'secret', Type: 'SecureString' as const };
  await ssm.send(new PutParameterCommand(put));
  expect(await codeOf(ssm.send(new PutParameterCommand(put)))).toBe('ParameterAlreadyExists');
  expect(await get(put.Name)).not.toContain('secret');
  expect(await get(put.Name, true)).toBe('secret');
});
