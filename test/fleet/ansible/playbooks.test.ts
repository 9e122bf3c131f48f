/** The playbooks as text: Ansible's own syntax check, ansible-lint at its strictest, and what no tool checks. */
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { pipUnpackArgv } from '../../../src/toolchain/venv.js';
import { ansible } from '../../helpers/ansible.js';

const root = join(import.meta.dirname, '..', '..', '..');
const playbooks = join(root, 'ansible');
const PLAYS = ['linux.yml', 'windows.yml'];

let python: string;
beforeAll(async () => {
  ({ python } = await ansible());
});

const environment = (more: Record<string, string> = {}) => ({
  ...more,
  ANSIBLE_CONFIG: join(playbooks, 'ansible.cfg'),
  PATH: [join(python, '..'), process.env['PATH']].join(delimiter),
});

/** Unpacked once on this computer, from a lock of its own. */
async function lint(): Promise<string> {
  const lock = join(import.meta.dirname, 'lint.txt');
  const hash = createHash('sha256')
    .update(python)
    .update(await readFile(lock))
    .digest('hex')
    .slice(0, 16);
  const folder = join(root, '.cache', 'ansible-lint', hash);
  if (
    await access(folder).then(
      () => true,
      () => false,
    )
  )
    return folder;
  const part = `${folder}.${process.pid}`;
  await mkdir(part, { recursive: true });
  const [program = '', ...args] = pipUnpackArgv(join(python, '..', '..'), lock, part);
  await execa(program, args);
  await rename(part, folder).catch(() => rm(part, { recursive: true }));
  return folder;
}

describe('every playbook', () => {
  it.each(PLAYS)('%s is right in syntax, with all of its roles and modules', async (play) => {
    const args = [join(playbooks, 'run_playbook.py'), '--syntax-check', '-i', 'machine,', join(playbooks, play)];
    const { stdout } = await execa(python, args, { env: environment() });
    expect(stdout).toContain(play);
  });

  it('satisfies ansible-lint at its strictest', async () => {
    const env = environment({ PYTHONPATH: await lint(), NO_COLOR: '1' });
    const args = ['-m', 'ansiblelint', '--offline', '-q', '-c', join(playbooks, '.ansible-lint'), ...PLAYS, 'roles'];
    const { exitCode, stdout, stderr } = await execa(python, args, { cwd: playbooks, env, reject: false });
    expect([exitCode, exitCode === 0 ? '' : `${stdout}\n${stderr}`]).toEqual([0, '']);
  });
});

interface Task {
  readonly name?: string;
  readonly no_log?: boolean;
  readonly block?: readonly Task[];
  readonly [module: string]: unknown;
}

async function tasks(): Promise<Task[]> {
  const files = await readdir(playbooks, { recursive: true });
  const texts = await Promise.all(
    files.filter((file) => file.includes('tasks/')).map((file) => readFile(join(playbooks, file), 'utf8')),
  );
  const flat = (task: Task): Task[] => [task, ...(task.block ?? []).flatMap(flat)];
  return texts.flatMap((text) =>
    parseAllDocuments(text).flatMap((document) => (document.toJS() as Task[]).flatMap(flat)),
  );
}

const fetching = /^(ansible\.builtin\.get_url|ansible\.windows\.win_get_url)$/;

describe('a task', () => {
  it('that fetches compares a SHA-256, and keeps the signed address to itself', async () => {
    const fetchers = (await tasks()).filter((task) => Object.keys(task).some((key) => fetching.test(key)));
    expect(fetchers).toHaveLength(3);
    for (const task of fetchers) {
      const [, options] = Object.entries(task).find(([key]) => fetching.test(key)) ?? [];
      expect(JSON.stringify(options)).toMatch(/"checksum":"(sha256:)?\{\{ taaf_(kit|topaz)_sha256 \}\}"/);
      expect(task.no_log).toBe(true);
    }
  });

  it('that touches the sign-in says nothing', async () => {
    const signing = (await tasks()).filter((task) => JSON.stringify(task).includes('taaf_topaz_licence'));
    expect(signing.filter(({ block }) => block === undefined).map(({ no_log }) => no_log)).toEqual([true]);
  });

  it('never boots a machine anew: over SSM that hangs for ever', async () => {
    for (const task of await tasks()) expect(Object.keys(task).join()).not.toMatch(/reboot/);
  });
});

it('the script that cmd runs has the line ends that its labels need', async () => {
  const text = await readFile(join(playbooks, 'roles/agent/files/run-agent.cmd'), 'utf8');
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});
