/**
 * No child outlives us, however we die. A POSIX shell holds the reading end of a pipe whose only writer is this process; when the kernel
 * closes the pipe at our death (kill -9 included), the shell kills the whole process group: the programs we had started, and itself.
 * Only for a process that leads a group of its own (agent, worker, supervisor: all started detached).
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** Only what the shell has in itself: a guardian that finds no program on PATH would end its group at once. */
const UNTIL_CLOSED = 'while read -r _; do :; done';

/**
 * Starts the guardian of this process's group; call it once, before the first child. Must not be used by a process that shares its group.
 * Windows has no groups and needs no guardian: libuv puts every child that is not detached into a job whose only handle is this process's,
 * and the kernel ends what is in a job when its last handle goes (JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE).
 */
export function guardProcessGroup(): void {
  if (process.platform === 'win32') return;
  const guardian = spawn('/bin/sh', ['-c', `trap "" TERM INT HUP; ${UNTIL_CLOSED}; kill -9 0`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guardian.unref();
  if (guardian.stdin instanceof Socket) guardian.stdin.unref();
}

/**
 * argv that runs a program as the leader of a process group of its own whose guardian is there before it. Descriptor 3 must be a pipe
 * that only the starter holds; the program itself does not get it.
 */
export const guardedArgv = (argv: readonly string[]): string[] => [
  '/bin/sh',
  '-c',
  `(trap "" TERM INT HUP; ${UNTIL_CLOSED} <&3 >/dev/null 2>&1; kill -9 0) & exec "$@" 3<&-`,
  'sh',
  ...argv,
];
