/** One message to one address, through Apprise. */
import { Failure } from '../domain/failures.js';
import type { FailureFact } from '../domain/failures.js';
import { lastLine, run } from '../process/run.js';

export interface Notice {
  readonly title: string;
  readonly body: string;
}

export interface Outcome {
  /** The kind of address: `ntfy://…`. The rest of it is a secret. */
  readonly address: string;
  /** Why it did not arrive. */
  readonly failure?: FailureFact;
}

/** What may be printed of an Apprise URL. */
export const hidden = (url: string): string => `${/^[a-z0-9+.-]+(?=:)/i.exec(url)?.[0] ?? 'unknown'}://…`;

/** The address travels in the environment and the text through a pipe: a command line can be read by everybody on this computer. */
export const appriseArgv = (apprise: string, title: string): string[] => [
  ...[apprise, '--verbose', '--storage-mode', 'memory', `--title=${title}`],
];

/** Apprise's log lines, without their time: the first one is the cause. */
const complaint = /- (?:WARNING|ERROR) - (.*)$/;

/** Sends, and says what became of it; a dead or wrong address is an outcome, not an error. */
export async function sendTo(apprise: string, url: string, notice: Notice, signal: AbortSignal): Promise<Outcome> {
  const address = hidden(url);
  let cause: string | undefined;
  const hear = (line: string): void => {
    cause ??= complaint.exec(line)?.[1]?.replaceAll(url, address);
  };
  try {
    await run(appriseArgv(apprise, notice.title), {
      env: { APPRISE_URLS: url },
      input: notice.body,
      signal,
      onLine: hear,
      failure: {
        kind: 'network',
        what: `${address} did not take the message`,
        next: 'Check the address in config.yaml',
      },
      evidence: (stderr) => {
        stderr.split('\n').forEach(hear);
        return cause ?? lastLine(stderr)?.replaceAll(url, address);
      },
    });
    return { address };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const late = new Failure('network', `${address} did not answer in time`, {
      next: 'Check the address in config.yaml',
    });
    return { address, failure: (error.kind === 'cancelled' ? late : error).fact() };
  }
}
