#!/usr/bin/env node
/** The program `taaf`: the process's streams and signals around one run of the command line. */
import manifest from '../../package.json' with { type: 'json' };
import { commands } from './commands/index.js';
import { cli } from './run.js';

const interrupt = new AbortController();
// The first Ctrl-C asks the command to leave, the second ends the process. Not `once`: the live view's cursor keeper re-raises a signal
// for which it finds no other listener.
process.on('SIGINT', () => {
  if (interrupt.signal.aborted) process.exit(1);
  interrupt.abort();
});
// A reader that leaves early (`taaf list | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await cli(
  process.argv.slice(2),
  {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: interrupt.signal,
  },
  {
    commands,
    version: manifest.version,
    complete: async (kinds) => (await import('./known-names.js')).knownNames(kinds, process.env),
    explain: async (kind, context) => (await import('./actions/doctor.js')).explain(kind, context),
  },
);
