/** What the server and the worker say of themselves, and who holds their locks. */
import { ftruncateSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { TaafPaths } from '../config/paths.js';
import { ignoreMissing, writeDurably } from '../disk/durable.js';
import { Failure, isFailureKind } from '../domain/failures.js';
import type { FailureFact, FailureKind } from '../domain/failures.js';
import { isLocked } from '../process/lock.js';
import type { Lock } from '../process/lock.js';
import { lockOf, problemOf, recordOf } from './places.js';
import type { Role } from './places.js';

const record = z.object({
  /** Process id of the supervisor. */
  pid: z.int(),
  /** `127.0.0.1:7833`: of the server itself, or of the server that the worker was started for. */
  address: z.string().optional(),
  /** `http://127.0.0.1:8833` */
  uiAddress: z.string().optional(),
  /** Of Temporal's server. */
  version: z.string().optional(),
  /** Of the worker: which build of TAAF it is. */
  build: z.string().optional(),
  /** ISO 8601. */
  startedAt: z.string(),
});

export type RoleRecord = z.infer<typeof record>;

const problem = z.object({
  kind: z.string().refine((kind): kind is FailureKind => isFailureKind(kind)),
  what: z.string(),
  evidence: z.string().optional(),
  next: z.string().optional(),
});

/** Makes the lock tell whose it is; call it in the same tick that took it. */
export function signLock(lock: Lock): void {
  ftruncateSync(lock.fd, 0);
  writeSync(lock.fd, String(process.pid));
}

/** Process id of the supervisor; undefined when none runs. The lock proves that the id is not somebody else's by now. */
export async function holderOf(paths: TaafPaths, role: Role): Promise<number | undefined> {
  const file = lockOf(paths, role);
  if (!isLocked(file)) return undefined;
  const pid = Number(await readFile(file, 'utf8'));
  return Number.isInteger(pid) && pid > 1 && isLocked(file) ? pid : undefined;
}

export const writeRecord = (paths: TaafPaths, role: Role, value: RoleRecord): Promise<void> =>
  writeDurably(recordOf(paths, role), `${JSON.stringify(value, null, 2)}\n`);

/** What the running one says of itself; undefined when it does not run, or is not ready. */
export async function readRecord(paths: TaafPaths, role: Role): Promise<RoleRecord | undefined> {
  const text = await readFile(recordOf(paths, role), 'utf8').catch(ignoreMissing);
  return text !== undefined && isLocked(lockOf(paths, role)) ? record.parse(JSON.parse(text)) : undefined;
}

export const writeProblem = (paths: TaafPaths, role: Role, fact: FailureFact): Promise<void> =>
  writeDurably(problemOf(paths, role), `${JSON.stringify(fact, null, 2)}\n`);

/** Why the last start was given up. */
export async function readProblem(paths: TaafPaths, role: Role): Promise<Failure | undefined> {
  const text = await readFile(problemOf(paths, role), 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  const { kind, what, evidence, next } = problem.parse(JSON.parse(text));
  return new Failure(kind, what, {
    ...(evidence === undefined ? {} : { evidence }),
    ...(next === undefined ? {} : { next }),
  });
}
