/**
 * The Linux play for real: Ansible over its `aws_ssm` connection, AWS's own session-manager-plugin, a shell of the machine, files through S3;
 * twice. Then the agent is started and stopped by the SSM document. Skipped where there is neither the plugin nor Go to build it.
 */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { AgentSettings } from '../../../src/domain/agent.js';
import { ansibleConfigurer } from '../../../src/fleet/aws/ansible/configurer.js';
import { ssmRemote } from '../../../src/fleet/aws/ssm/remote.js';
import type { Provision } from '../../../src/fleet/aws/ports.js';
import { ansible, sessionPlugin } from '../../helpers/ansible.js';
import { processes } from '../../helpers/processes.js';
import { until } from '../../helpers/until.js';
import { DOCUMENT, openStage, type Stage } from '../aws-stage.js';
import { makeKit } from './kit.js';

const plugin = await sessionPlugin();
if (plugin === undefined) console.log('Not run: neither session-manager-plugin nor Go is on this computer.');

const signal = new AbortController().signal;
const foreign = "{{ lookup('pipe', 'touch /tmp/taaf-was-here') }}";

describe.skipIf(plugin === undefined)('a Linux machine', () => {
  let folder: string;
  let stage: Stage;
  let provision: Provision;
  const told: string[][] = [[], []];
  const remote = ssmRemote({ clients: () => stage.clients, document: () => DOCUMENT, timeScale: 100 });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taaf-play-'));
    stage = await openStage(folder);
    const kit = await makeKit(folder);
    await stage.upload(kit.ref.key, kit.bytes);
    const { python } = await ansible();
    // S04: nothing of the settings is ever a template, whatever stands in them.
    const settings = { season: foreign, machine: stage.target.ref.machine } as AgentSettings;
    provision = { kit: kit.ref, settings };
    const configurer = ansibleConfigurer({
      clients: () => stage.clients,
      remote,
      python: async () => python,
      connection: () => ({ kind: 'ssm', plugin: plugin ?? '' }),
      folder: join(folder, 'ansible'),
      timeScale: 100,
      limit: 600_000,
      pathStyle: true,
    });
    for (const lines of told)
      await configurer.configure(stage.target, provision, { signal, report: (line) => lines.push(line) });
  }, 600_000);

  afterAll(async () => {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  });

  const lives = async (): Promise<{ pid: number; child: number; machine: string }[]> =>
    (await readFile(join(stage.root, 'lives'), 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { pid: number; child: number; machine: string });
  const live = (pid: number | undefined) => processes().some((one) => one.pid === pid);

  it('has the kit, the settings as they are, and its name', async () => {
    expect(await readFile(join(stage.root, 'kit', 'dist', 'agent.js'), 'utf8')).toContain('lives');
    expect(JSON.parse(await readFile(join(stage.root, 'settings.json'), 'utf8'))).toEqual(provision.settings);
    expect((await stat(join(stage.root, 'settings.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(stage.root, 'machine'), 'utf8')).toBe(stage.target.ref.machine);
    expect(await readdir(stage.root)).not.toContain('kit.tar.gz');
    await expect(stat('/tmp/taaf-was-here')).rejects.toThrow();
  });

  it('is not changed by the second run', () => {
    expect(told[0]?.at(-1)).toMatch(/^configured, \d+ changes$/);
    expect(told[1]?.at(-1)).toBe('configured, nothing had to change');
  });

  it('was reached through sessions that are all over, and leaves nothing on this computer', async () => {
    expect(stage.called('StartSession').length).toBeGreaterThan(0);
    expect(stage.sessions.open()).toEqual([]);
    expect(await readdir(join(folder, 'ansible', 'show-00000000', 'e01-00000000-l1'))).toEqual(['ansible.lock']);
  });

  it('starts one agent when it is told twice, and when the first reply was lost (E41)', async () => {
    stage.script = (action, n) => (action === 'SendCommand' && n === 1 ? 'lost' : undefined);
    await remote.start(stage.target, { signal, report: () => undefined });
    stage.script = () => undefined;
    await remote.start(stage.target, { signal, report: () => undefined });
    await until(async () => (await lives()).length > 0, 'the agent to start');
    expect(stage.called('SendCommand').length).toBe(3);
    expect(await lives()).toEqual([expect.objectContaining({ machine: stage.target.ref.machine })]);
  });

  it('does not start an agent for another machine’s name', async () => {
    const other = { ...stage.target, ref: { ...stage.target.ref, machine: 'e01-00000000-l2' } };
    await expect(remote.start(other, { signal, report: () => undefined })).rejects.toMatchObject({
      kind: 'configure-failed',
      evidence: expect.stringContaining('not configured as e01-00000000-l2') as string,
    });
  });

  it('loses agent and children when it is told to stop', async () => {
    const [first] = await lives();
    expect([live(first?.pid), live(first?.child)]).toEqual([true, true]);
    await remote.stop(stage.target);
    await until(() => !live(first?.pid) && !live(first?.child), 'the agent’s processes to end');
  });

  it('does not start again an agent that has ended by itself', async () => {
    await writeFile(join(stage.root, 'finish'), '');
    onTestFinished(() => rm(join(stage.root, 'finish')));
    await remote.start(stage.target, { signal, report: () => undefined });
    await until(async () => (await readdir(stage.root)).includes('ended'), 'the agent to end');
    const before = (await lives()).length;
    await remote.start(stage.target, { signal, report: () => undefined });
    expect(await lives()).toHaveLength(before);
  });
});
