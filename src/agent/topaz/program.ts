/** Runs Topaz's ffmpeg: its variables for the child only, its lines read as they come, its end told as one cause. */
import { createInterface } from 'node:readline';
import { Failure, type FailureKind } from '../../domain/failures.js';
import { framesOf } from '../../engines/argv.js';
import { topazExit } from '../../engines/topaz-exit.js';
import { topazFinding, withoutAccount, type TopazFinding } from '../../engines/topaz-lines.js';
import { lastLine, start } from '../../process/run.js';
import type { TopazInstall } from './install.js';

export interface TopazRunOptions {
  readonly signal: AbortSignal;
  /** The sentence of a failure before its cause: `segment 3 of e01-…`. */
  readonly what: string;
  /** Told the frames done so far. */
  readonly onFrames?: (frames: number) => void;
  /** Told every line of the log. */
  readonly onLine?: (line: string) => void;
}

interface Finding extends TopazFinding {
  readonly line: string;
}

/**
 * Runs to the end, or to the first sign of a watermark: no frame that follows is worth its time.
 * @returns frames that came out
 * @throws Failure of the kind that Topaz's lines tell, even if it exits 0; else that of its exit code; `cancelled`, `tool-missing`
 */
export async function runTopaz(
  install: TopazInstall,
  argv: readonly string[],
  options: TopazRunOptions,
): Promise<number> {
  const { signal, what, onFrames, onLine } = options;
  const stop = new AbortController();
  let cause: Finding | undefined;
  let exit: number | undefined;
  let frames = 0;
  const { stdin, stdout, done } = start([install.ffmpeg, ...argv], {
    cwd: install.folder,
    env: { TVAI_MODEL_DIR: install.models, TVAI_MODEL_DATA_DIR: install.models },
    signal: AbortSignal.any([signal, stop.signal]),
    onErrorLine: (line) => {
      const finding = topazFinding(line);
      if (finding && finding.rank < (cause?.rank ?? Infinity)) cause = { ...finding, line };
      if (finding?.kind === 'licence') stop.abort();
      onLine?.(line);
    },
    failure: { kind: 'engine-crashed', what: `Topaz failed: ${what}` },
    exitKind: (code): FailureKind | undefined => {
      exit = code;
      return undefined;
    },
    evidence: (log) => {
      const line = lastLine(log);
      return line === undefined ? undefined : withoutAccount(line);
    },
  });
  stdin.on('error', () => undefined).end();
  const counted = (async () => {
    for await (const line of createInterface({ input: stdout })) {
      const count = framesOf(line);
      if (count === undefined) continue;
      frames = count;
      onFrames?.(frames);
    }
  })();
  const [ended] = await Promise.allSettled([done, counted]);
  if (signal.aborted) throw ended.status === 'rejected' ? ended.reason : new Failure('cancelled', 'Topaz was stopped');
  if (cause) throw failureOf(cause, what, ended);
  if (ended.status === 'fulfilled') return frames;
  throw byExit(ended.reason, what, exit);
}

function failureOf(
  { kind, what: said, next, line }: Finding,
  what: string,
  ended: PromiseSettledResult<unknown>,
): Failure {
  return new Failure(kind, `${said}: ${what}`, {
    evidence: withoutAccount(line.trim()),
    ...(next === undefined ? {} : { next }),
    ...(ended.status === 'rejected' ? { cause: ended.reason } : {}),
  });
}

/** The code tells more than "failed", and the log's last line says of what. */
function byExit(error: unknown, what: string, code: number | undefined): unknown {
  const fact = code === undefined ? undefined : topazExit(code);
  if (!fact || !(error instanceof Failure)) return error;
  const evidence = `exit code ${code}${error.evidence === undefined ? '' : `: ${error.evidence}`}`;
  return new Failure(fact.kind, `${fact.what}: ${what}`, { evidence, cause: error });
}
