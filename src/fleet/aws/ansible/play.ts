/** One run of one playbook on one machine: a process group of its own that ends with us, with the signal, or at its limit. */
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeDurably } from '../../../disk/durable.js';
import { Failure } from '../../../domain/failures.js';
import { startGuarded } from '../../../process/guarded.js';
import { waitForLock } from '../../../process/lock.js';
import type { AgentSettings } from '../../../domain/agent.js';
import { parseEvent } from './events.js';
import type { Variables } from './variables.js';
import { outcomeOfPlay, type PlayEnd, type PlayOutcome } from './verdict.js';

export interface Play {
  readonly machine: string;
  /** Python of the environment that Ansible is installed in, and the folder `ansible/` of this package. */
  readonly python: string;
  readonly playbooks: string;
  /** File in it. */
  readonly playbook: string;
  readonly inventory: string;
  readonly settings: AgentSettings;
  /** @param files folder in which settings.json lies while it runs */
  readonly variables: (files: string) => Variables;
  /** Named profile of the AWS configuration; the plugin's own setting for it is ignored. */
  readonly profile?: string | undefined;
  /** Folder of this machine on this computer: the lock, and what exists only while it runs. */
  readonly folder: string;
  /** Milliseconds after which it is ended. */
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
}

/** Runs it when no other run for this machine is alive. @throws Failure as `outcomeOfPlay` says, `stalled` at the limit, `cancelled` */
export async function runPlay(play: Play): Promise<PlayOutcome> {
  const lock = await waitForLock(join(play.folder, 'ansible.lock'), {
    signal: play.signal,
    onWait: () => play.report('waiting for an earlier run of Ansible to end'),
  });
  // Whoever holds it may be the child of a worker that was killed: it ends with its guardian.
  if (!lock || play.signal.aborted) {
    lock?.release();
    throw stopped(play);
  }
  const scratch = join(play.folder, 'run');
  try {
    await layOut(play, scratch);
    return outcomeOfPlay(play.machine, await watched(play, scratch, lock.fd));
  } finally {
    // Signed addresses and settings: nobody needs them any more.
    await rm(scratch, { recursive: true, force: true });
    lock.release();
  }
}

async function layOut({ inventory, settings, variables }: Play, scratch: string): Promise<void> {
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  await writeDurably(join(scratch, 'inventory.json'), inventory);
  await writeDurably(join(scratch, 'settings.json'), `${JSON.stringify(settings, undefined, 2)}\n`);
  await writeDurably(join(scratch, 'vars.json'), JSON.stringify(variables(scratch)));
}

/** @throws Failure `stalled` or `cancelled` once every process of it is gone */
async function watched(play: Play, scratch: string, lockFd: number): Promise<PlayEnd> {
  const seen: { -readonly [K in keyof PlayEnd]?: PlayEnd[K] } = {};
  const child = startGuarded(argvOf(play, scratch), {
    lockFd,
    env: environmentOf(play, scratch),
    onLine(line) {
      const event = parseEvent(line);
      if (event === undefined) seen.lastWords = line.trim() === '' ? seen.lastWords : line.trim();
      else if (event.kind === 'task') play.report(event.task);
      else if (event.kind === 'end') seen.end = event;
      else if (event.kind !== 'changed') seen.failed ??= event;
    },
  });
  const limit = AbortSignal.timeout(play.limit);
  const either = AbortSignal.any([limit, play.signal]);
  either.addEventListener('abort', child.kill, { once: true });
  if (either.aborted) child.kill();
  const exit = await child.ended;
  either.removeEventListener('abort', child.kill);
  if (play.signal.aborted) throw stopped(play);
  if (limit.aborted) {
    const evidence = `after ${Math.round(play.limit / 1000)} s`;
    throw new Failure('stalled', `${play.machine} could not be configured: Ansible did not end`, { evidence });
  }
  return { ...seen, exit };
}

const stopped = ({ machine }: Play) => new Failure('cancelled', `Configuring ${machine} was stopped`);

const argvOf = ({ python, playbooks, playbook }: Play, scratch: string): string[] => [
  ...[python, join(playbooks, 'run_playbook.py')],
  ...['--inventory', join(scratch, 'inventory.json'), '--extra-vars', `@${join(scratch, 'vars.json')}`],
  resolve(playbooks, playbook),
];

/** A user's own configuration of Ansible must not change what happens here. */
const environmentOf = ({ profile, playbooks }: Play, scratch: string): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANSIBLE_'))),
  ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
  ANSIBLE_CONFIG: join(playbooks, 'ansible.cfg'),
  ANSIBLE_LOCAL_TEMP: join(scratch, 'tmp'),
  ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.jsonl',
  ANSIBLE_SHOW_CUSTOM_STATS: 'true',
  ANSIBLE_NOCOLOR: '1',
  // Without it Python's fork dies on macOS as soon as a library of Apple's is loaded.
  OBJC_DISABLE_INITIALIZE_FORK_SAFETY: 'YES',
});
