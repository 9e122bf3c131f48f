/** An agent as a process: its number, its end, its last words. A number is signalled only while the agent's lock proves that it is still the agent. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../disk/durable.js';
import { isFailureKind, type FailureFact } from '../../domain/failures.js';
import type { MachineId } from '../../domain/ids.js';
import { pause } from '../../process/pause.js';
import { lastLine } from '../../process/run.js';

const POLITE_MS = 5_000;
const LOOK_MS = 50;

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The process number that the agent wrote after it had its lock. */
export async function readPid(folder: string): Promise<number | undefined> {
  const text = await readText(join(folder, 'agent.pid'));
  return text === undefined ? undefined : Number(text);
}

/** Ends the agent and its whole group, first politely; returns when its lock is free. */
export async function endProcess(pid: number, lives: () => boolean): Promise<void> {
  if (!lives()) return;
  signalGroup(pid, 'SIGTERM');
  const deadline = performance.now() + POLITE_MS;
  while (lives() && performance.now() < deadline) await pause(LOOK_MS);
  while (lives()) {
    signalGroup(pid, 'SIGKILL');
    await pause(LOOK_MS);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Gone between the look and the signal: that is what we wanted.
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/** Why an agent ended without a word in the store: the fact on the last line of its error output, where there is one. */
export async function lastFailure(folder: string, machine: MachineId): Promise<FailureFact> {
  const line = lastLine((await readText(join(folder, 'agent.err'))) ?? '');
  const fact = line === undefined ? undefined : parseFact(line);
  if (fact) return fact;
  const what = `The agent ${machine} ended without a word`;
  return { kind: 'machine-lost', what, evidence: line ?? 'killed, or the computer was restarted' };
}

function parseFact(line: string): FailureFact | undefined {
  try {
    const fact = JSON.parse(line) as Partial<FailureFact> | null;
    if (typeof fact?.kind !== 'string' || !isFailureKind(fact.kind) || typeof fact.what !== 'string') return undefined;
    return fact as FailureFact;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
