/** `taaf up` and `taaf down`: server and worker in the background, one of each however often it is asked for. */
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { TaafPaths } from '../config/paths.js';
import { ignoreMissing } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import { lastLine } from '../process/run.js';
import { isLocked } from '../process/lock.js';
import { pause } from '../process/pause.js';
import type { Launch, Launched } from './launch.js';
import { logTail } from './log.js';
import { errorsOf, lockOf, logOf, problemOf } from './places.js';
import type { Role } from './places.js';
import { holderOf, readProblem, readRecord } from './records.js';
import type { RoleRecord } from './records.js';

export interface ControlOptions {
  readonly paths: TaafPaths;
  /** Server and worker, or the worker alone where Temporal is elsewhere. */
  readonly roles: readonly Role[];
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface UpOptions extends ControlOptions {
  readonly launch: Launch;
  /** The build of TAAF that is to run. */
  readonly build: string;
}

export type RoleState =
  { readonly state: 'running'; readonly record: RoleRecord } | { readonly state: 'starting' | 'stopped' };

const LOOK_MS = 50;
const READY_MS = 90_000;
/** Longer than any of them takes to end by itself. */
const STOP_MS = 100_000;

export async function roleState(paths: TaafPaths, role: Role): Promise<RoleState> {
  const record = await readRecord(paths, role);
  if (record) return { state: 'running', record };
  return { state: isLocked(lockOf(paths, role)) ? 'starting' : 'stopped' };
}

/**
 * Starts what does not run, and returns when all of it serves.
 * @throws Failure with the reason of the program that could not be started; `temporal-unreachable` when it took too long
 */
export async function up(options: UpOptions): Promise<void> {
  const { roles, report } = options;
  for (const role of roles) {
    const outdated = role === 'worker' ? await outdatedBecause(options) : undefined;
    if (outdated !== undefined) {
      report(`The worker ${outdated}; starting it again`);
      await stop('worker', options);
    }
    await ensure(role, options);
  }
}

/** A worker keeps the address and the build that it began with: the server may have had to take another port, TAAF may be another one. */
async function outdatedBecause({ paths, build }: UpOptions): Promise<string | undefined> {
  const [server, worker] = await Promise.all([readRecord(paths, 'server'), readRecord(paths, 'worker')]);
  if (worker?.build !== undefined && worker.build !== build) return 'is of another build of TAAF';
  const moved = server?.address !== undefined && worker?.address !== undefined && server.address !== worker.address;
  return moved ? 'was started for another address of the server' : undefined;
}

async function ensure(role: Role, { paths, report, signal, launch }: UpOptions): Promise<void> {
  const deadline = performance.now() + READY_MS;
  let launched: Launched | undefined;
  while (!signal?.aborted) {
    if (await readRecord(paths, role)) return;
    if (!isLocked(lockOf(paths, role)) && (launched?.hasEnded() ?? true)) {
      await requireNoProblem(paths, role, launched);
      if (!launched) report(`Starting the ${role}`);
      launched = await launch(role);
    }
    if (performance.now() > deadline) throw await late(paths, role);
    await pause(LOOK_MS, signal);
  }
  throw new Failure('cancelled', 'The start was stopped', { next: 'Run: taaf up' });
}

/** What an earlier start died of says nothing about the next one; what ours died of is the answer. */
async function requireNoProblem(paths: TaafPaths, role: Role, launched: Launched | undefined): Promise<void> {
  if (!launched) {
    rmSync(problemOf(paths, role), { force: true });
    return;
  }
  const problem = await readProblem(paths, role);
  if (problem) throw problem;
  const words = lastLine((await readFile(errorsOf(paths, role), 'utf8').catch(ignoreMissing)) ?? '');
  if (words !== undefined) throw new Failure('bug', `The supervisor of the ${role} ended`, { evidence: words });
}

async function late(paths: TaafPaths, role: Role): Promise<Failure> {
  const evidence = await logTail(logOf(paths, role), 5);
  return new Failure('temporal-unreachable', `The ${role} is not ready after ${READY_MS / 1000} s`, {
    ...(evidence === undefined ? {} : { evidence }),
    next: `Look at ${logOf(paths, role)}; it may still come up: taaf status`,
  });
}

export interface DownOptions extends ControlOptions {
  /** Local agents that are rendering now. */
  readonly agents: number;
}

/** Ends the worker, then the server; local agents go on. Returns when both are gone. */
export async function down(options: DownOptions): Promise<void> {
  for (const role of [...options.roles].reverse()) await stop(role, options);
  if (options.agents > 0) {
    options.report(`${options.agents} agents go on rendering; taaf up brings their work home, taaf cancel ends them`);
  }
}

async function stop(role: Role, { paths, report, signal }: ControlOptions): Promise<void> {
  const pid = await holderOf(paths, role);
  if (pid === undefined) return;
  report(`Stopping the ${role}`);
  send(pid, 'SIGTERM');
  const limit = performance.now() + STOP_MS;
  while (isLocked(lockOf(paths, role))) {
    if (signal?.aborted) throw new Failure('cancelled', `The ${role} is still ending`, { next: 'Run: taaf status' });
    // Its guardian ends the whole group with it.
    if (performance.now() > limit) send(pid, 'SIGKILL');
    await pause(LOOK_MS, signal);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
