/** Versions of the Temporal CLI and of the server inside it. */
import { Failure } from '../domain/failures.js';
import { run } from '../process/run.js';

export interface TemporalVersion {
  readonly cli: string;
  readonly server: string;
}

/** The first CLI with every option of the development server that TAAF uses. */
export const OLDEST_TEMPORAL = '1.9.0';

/** @throws Failure `tool-missing` when the program does not run or is something else */
export async function temporalVersion(temporal: string): Promise<TemporalVersion> {
  const failure = { kind: 'tool-missing', what: `${temporal} does not run`, next: 'Run: taaf setup' } as const;
  const { stdout } = await run([temporal, '--version'], { failure });
  const [, cli, server] = /version (\d+\.\d+\.\d+)\S* \(Server (\d+\.\d+\.\d+)/.exec(stdout) ?? [];
  if (cli !== undefined && server !== undefined) return { cli, server };
  throw new Failure('tool-missing', `${temporal} is no Temporal CLI`, { evidence: stdout.trim(), next: failure.next });
}

/** Whether version `a` is older than `b`, both of numbers and dots. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (const [index, part] of (right ?? []).entries()) {
    const mine = left?.[index] ?? 0;
    if (mine !== part) return mine < part;
  }
  return false;
}
