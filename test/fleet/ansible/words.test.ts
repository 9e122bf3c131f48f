/** What goes to Ansible and what comes back, as data: inventory, variables, events, ends. */
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../../src/fleet/aws/ansible/events.js';
import { inventoryOf, type Connection } from '../../../src/fleet/aws/ansible/inventory.js';
import { variablesOf } from '../../../src/fleet/aws/ansible/variables.js';
import { outcomeOfPlay } from '../../../src/fleet/aws/ansible/verdict.js';
import type { AgentSettings } from '../../../src/domain/agent.js';
import type { MachineSystem } from '../../../src/domain/aws.js';
import type { Provision, Target } from '../../../src/fleet/aws/ports.js';

const place = {
  region: 'eu-central-1',
  account: '123456789012',
  install: '0123456789abcdef',
  installBucket: 'taaf-install',
  bucket: 'taaf-season',
};
const target: Target = {
  place,
  ref: { season: 'show-00000000', machine: 'e01-00000000-l1', episode: 'e01-00000000' },
  instanceId: 'i-0123456789abcdef0',
  system: 'windows',
};
const sha256 = 'a'.repeat(64);
const provision: Provision = {
  kit: { key: 'kits/x', sha256, bytes: 1 },
  settings: {} as AgentSettings,
  topaz: { installer: { key: 'topaz/x', sha256, bytes: 1 }, licence: { parameter: '/taaf/0123456789abcdef/licence' } },
};
const url = 'https://b.s3.eu-central-1.amazonaws.com/kits/x?X-Amz-Credential=A%2F2026&X-Amz-Signature=00';

function hostOf(connection: Connection, system: MachineSystem): Record<string, unknown> {
  const text = inventoryOf({ place, instanceId: target.instanceId, system, connection, pathStyle: false });
  return (JSON.parse(text) as { all: { hosts: { machine: Record<string, unknown> } } }).all.hosts.machine;
}

describe('the inventory', () => {
  it('reaches a Windows machine over SSM with PowerShell and a patience of its own', () => {
    expect(hostOf({ kind: 'ssm', plugin: '/opt/plugin' }, 'windows')).toEqual({
      ansible_connection: 'amazon.aws.aws_ssm',
      ansible_aws_ssm_instance_id: target.instanceId,
      ansible_aws_ssm_region: 'eu-central-1',
      ansible_aws_ssm_bucket_name: 'taaf-install',
      ansible_aws_ssm_plugin: '/opt/plugin',
      ansible_aws_ssm_timeout: 1_800,
      ansible_aws_ssm_retries: 1,
      ansible_aws_ssm_s3_addressing_style: 'virtual',
      ansible_shell_type: 'powershell',
    });
  });

  it('reaches others by SSH, with a host’s key that may not change', () => {
    const host = hostOf({ kind: 'ssh', host: '10.0.0.7', user: 'ubuntu', keyFile: '/k' }, 'linux');
    expect(host).toMatchObject({ ansible_connection: 'ssh', ansible_host: '10.0.0.7', ansible_user: 'ubuntu' });
    expect(host['ansible_ssh_common_args']).toContain('StrictHostKeyChecking=accept-new');
    expect(hostOf({ kind: 'local' }, 'linux')).toMatchObject({ ansible_connection: 'local' });
  });
});

describe('the variables', () => {
  it('are ids, hashes, addresses and the name of the sign-in, never the sign-in', () => {
    expect(variablesOf(target, provision, { kit: url, topaz: url }, '/scratch')).toEqual({
      taaf_machine: 'e01-00000000-l1',
      taaf_region: 'eu-central-1',
      taaf_files: '/scratch',
      taaf_kit_sha256: sha256,
      taaf_kit_url: url,
      taaf_topaz_sha256: sha256,
      taaf_topaz_url: url,
      taaf_topaz_licence: '/taaf/0123456789abcdef/licence',
    });
  });

  it('with something that could be a template are not handed over (S04)', () => {
    const bad = "{{ lookup('pipe', 'id') }}";
    const kit = { ...provision.kit, sha256: bad };
    const place2 = { ...target, place: { ...place, region: bad } };
    for (const attempt of [
      () => variablesOf({ ...target, ref: { ...target.ref, machine: bad } }, provision, { kit: url, topaz: url }, '/s'),
      () => variablesOf(place2, provision, { kit: url, topaz: url }, '/s'),
      () => variablesOf(target, { ...provision, kit }, { kit: url, topaz: url }, '/s'),
      () => variablesOf(target, provision, { kit: `${url}{{1}}`, topaz: url }, '/s'),
      () => variablesOf(target, provision, { kit: url }, '/s'),
      () => variablesOf(target, provision, { kit: url, topaz: url }, '/home/{{me}}'),
    ])
      expect(attempt).toThrow(/is not of its form/);
  });
});

describe('an event', () => {
  const event = (name: string, host: object) =>
    parseEvent(JSON.stringify({ _event: name, task: { name: 'Unpack' }, hosts: { machine: host } }));

  it.each([
    ['a module’s own words', 'Unpacking {"_event": 1}'],
    ['half a line', '{"_event":"v2_runner_on_ok","task"'],
    ['an event of another kind', '{"_event":"v2_playbook_on_play_start","play":{"name":"x"}}'],
    ['nothing', ''],
  ])('is not %s', (_what, line) => expect(parseEvent(line)).toBeUndefined());

  it('of a failure has its message and the last thing the program said, and no more than fits a record', () => {
    expect(event('v2_runner_on_failed', { msg: 'non-zero return code', stderr: 'a\nno space left\n' })).toEqual({
      kind: 'failed',
      task: 'Unpack',
      why: 'non-zero return code: no space left',
    });
    const long = event('v2_runner_on_failed', { msg: 'x'.repeat(9_000) });
    expect(long?.kind === 'failed' && long.why.length).toBe(500);
  });

  it('of an unreachable machine is told from a failure', () => {
    expect(event('v2_runner_on_unreachable', { msg: 'no route', unreachable: true })).toMatchObject({
      kind: 'unreachable',
      why: 'no route',
    });
  });
});

describe('the end of a play', () => {
  const end = { kind: 'end', changed: 0, told: {} } as const;
  const unreachable = { kind: 'unreachable', task: 'Ask', why: 'gone' } as const;

  it.each([
    [1, 'configure-failed'],
    [2, 'configure-failed'],
    [4, 'machine-lost'],
    [5, 'bug'],
    [99, 'cancelled'],
    [250, 'configure-failed'],
    [77, 'configure-failed'],
    ['SIGKILL', 'configure-failed'],
  ] as const)('%s is %s', (exit, kind) => {
    expect(() => outcomeOfPlay('m', { exit, lastWords: 'why' })).toThrow(
      expect.objectContaining({ kind, evidence: 'why' }) as Error,
    );
  });

  it('is the machine’s loss when a task could not reach it, whatever the code', () => {
    expect(() => outcomeOfPlay('m', { exit: 2, failed: unreachable })).toThrow(
      expect.objectContaining({ kind: 'machine-lost', evidence: 'Ask: gone' }) as Error,
    );
  });

  it('is good only with the statistics that come last', () => {
    expect(outcomeOfPlay('m', { exit: 0, end })).toEqual({ changed: 0, needsReboot: false });
    expect(() => outcomeOfPlay('m', { exit: 0, lastWords: 'cut off' })).toThrow();
  });
});
