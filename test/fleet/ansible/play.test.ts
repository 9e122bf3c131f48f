/** Ansible as a process: ended with the signal, at its limit, and with the worker; one at a time for a machine; its ends, told as failures. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runPlay } from '../../../src/fleet/aws/ansible/play.js';
import { ansible } from '../../helpers/ansible.js';
import { bundle } from '../../helpers/bundle.js';
import { temporaryFolder } from '../../helpers/folder.js';
import { processes } from '../../helpers/processes.js';
import { until } from '../../helpers/until.js';
import { playOf } from './playing.js';

let python: string;
beforeAll(async () => {
  ({ python } = await ansible());
});
afterEach(() => {
  delete process.env['TASK'];
});

/** Everything that runs with this folder in its command line, and the task's own child. */
async function left(folder: string, pidFile: string): Promise<string[]> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => '-1'));
  return processes()
    .filter((one) => one.pid === pid || one.command.includes(join(folder, 'run')))
    .map(({ command }) => command);
}

async function hanging(): Promise<{ folder: string; pidFile: string; begun: () => Promise<void> }> {
  const folder = await temporaryFolder();
  const pidFile = join(folder, 'pid');
  process.env['HANG_PID'] = pidFile;
  const begun = () =>
    until(async () => /^\d+\n/.test(await readFile(pidFile, 'utf8').catch(() => '')), 'the task to begin');
  return { folder, pidFile, begun };
}

describe('a run of Ansible', () => {
  it('ends with all of its processes when it is cancelled (E11)', async () => {
    const { folder, pidFile, begun } = await hanging();
    const stop = new AbortController();
    const run = expect(runPlay(playOf('hang.yml', python, folder, { signal: stop.signal }))).rejects.toMatchObject({
      kind: 'cancelled',
    });
    await begun();
    expect((await left(folder, pidFile)).length).toBeGreaterThan(1);
    stop.abort();
    await run;
    await until(async () => (await left(folder, pidFile)).length === 0, 'its processes to end');
  });

  it('that hangs ends at its limit with all of its processes (E63)', async () => {
    const { folder, pidFile, begun } = await hanging();
    const run = runPlay(playOf('hang.yml', python, folder, { limit: 15_000 }));
    const outcome = expect(run).rejects.toMatchObject({ kind: 'stalled', evidence: 'after 15 s' });
    // On a slow computer the limit may come first: nothing of it is left all the same.
    await Promise.race([begun(), run.catch(() => undefined)]);
    await outcome;
    await until(async () => (await left(folder, pidFile)).length === 0, 'its processes to end');
  });

  it('dies with its worker, even by kill -9, and the next one waits for that (E62)', async () => {
    const { folder, pidFile, begun } = await hanging();
    const worker = spawn(process.execPath, [await bundle('test/fleet/ansible/holder.ts'), python, folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await begun();
    const told: string[] = [];
    const next = runPlay(playOf('end.yml', python, folder, { report: (line) => told.push(line) }));
    await until(() => told.includes('waiting for an earlier run of Ansible to end'));
    expect((await left(folder, pidFile)).length).toBeGreaterThan(1);
    worker.kill('SIGKILL');
    expect(await next).toEqual({ changed: 0, needsReboot: false });
    expect(await left(folder, pidFile)).toEqual([]);
  });
});

describe('the end of a run', () => {
  it('with a failed task names it, and no signed address', async () => {
    process.env['TASK'] = 'fail';
    await expect(runPlay(playOf('end.yml', python, await temporaryFolder()))).rejects.toMatchObject({
      kind: 'configure-failed',
      message: 'e01-00000000-l1 could not be configured: a task failed',
      evidence: expect.stringMatching(/^Fail: .*see https:\/\/bucket\.example\/kit\?…$/) as string,
    });
  });

  it('with a failed task that keeps a secret does not tell it', async () => {
    process.env['TASK'] = 'secret';
    await expect(runPlay(playOf('end.yml', python, await temporaryFolder()))).rejects.toMatchObject({
      evidence: 'Fail in secret: its output is kept secret',
    });
  });

  it('may ask for a reboot', async () => {
    process.env['TASK'] = 'reboot';
    const outcome = await runPlay(playOf('end.yml', python, await temporaryFolder()));
    expect(outcome.needsReboot).toBe(true);
  });

  it('at an unreachable machine is the machine’s loss, not the playbook’s fault', async () => {
    const inventory = JSON.stringify({
      all: { hosts: { machine: { ansible_connection: 'ssh', ansible_host: '127.0.0.1', ansible_port: 9 } } },
    });
    await expect(runPlay(playOf('end.yml', python, await temporaryFolder(), { inventory }))).resolves.toBeDefined();
    await expect(runPlay(playOf('hang.yml', python, await temporaryFolder(), { inventory }))).rejects.toMatchObject({
      kind: 'machine-lost',
      message: 'e01-00000000-l1 could not be configured: the machine could not be reached',
    });
  });

  it('of a playbook that is none says why', async () => {
    await expect(runPlay(playOf('none.yml', python, await temporaryFolder()))).rejects.toMatchObject({
      kind: 'configure-failed',
      evidence: expect.stringContaining('none.yml') as string,
    });
  });
});
