/** The licence guard. It fails closed: only a positive verdict lets a render begin, or count. */
import { Failure } from '../../domain/failures.js';
import { licenceProbeArgv, licenceReader, type Verdict } from '../../engines/topaz-licence.js';
import { withoutAccount } from '../../engines/topaz-lines.js';
import type { TopazInstall } from './install.js';
import type { Probed } from './probe.js';
import { runTopaz } from './program.js';
import { within } from './within.js';

/**
 * Asks Topaz by a tiny run, which is ended at its verdict.
 * @param limitMs a verdict that takes longer is none
 * @throws Failure `licence` unless Topaz says that it is signed in; what else keeps it from running; `cancelled`
 */
export async function requireLicence(
  install: TopazInstall,
  probed: Probed,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  let last = 'Topaz said nothing';
  const heard = (line: string): void => {
    last = line.trim() || last;
  };
  const verdict = await within(
    limitMs,
    signal,
    (either) => verdictOf(install, probed, heard, either),
    (cause) => unlicensed(last, cause),
  );
  if (verdict !== 'good') throw unlicensed(last);
}

/** The first verdict; undefined when Topaz ends without any. What it says is bad is thrown by whoever reads its lines. */
async function verdictOf(
  install: TopazInstall,
  { machine, model }: Probed,
  heard: (line: string) => void,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const enough = new AbortController();
  const read = licenceReader();
  let verdict: Verdict | undefined;
  const onLine = (line: string): void => {
    if (verdict) return;
    heard(line);
    verdict = read(line);
    if (verdict === 'good') enough.abort();
  };
  const both = AbortSignal.any([signal, enough.signal]);
  try {
    await runTopaz(install, licenceProbeArgv(machine, model), { signal: both, what: 'the licence probe', onLine });
  } catch (error) {
    if (signal.aborted || !enough.signal.aborted) throw error;
  }
  return verdict;
}

const unlicensed = (last: string, cause?: unknown): Failure =>
  new Failure('licence', 'Topaz does not say that it is signed in: what it renders would have a watermark', {
    evidence: withoutAccount(last),
    next: 'Sign in to Topaz anew (docs/topaz.md, "The licence"), then run: taaf retry <episode>',
    cause,
  });
