/** Whether EC2 wants the machine back: its notice of two minutes, read from the instance's own metadata (IMDSv2). */
import { pause } from '../process/pause.js';

/** Seconds that a token of the metadata service lives. */
const TOKEN_SECONDS = 21_600;
/** The service is on the machine's own link: an answer that takes longer does not come. */
const ANSWER_MS = 2_000;

const INTERRUPTION = '/latest/meta-data/spot/instance-action';
const REBALANCE = '/latest/meta-data/events/recommendations/rebalance';

export interface NoticeOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds between two looks. */
  readonly every: number;
  readonly log: (line: string, facts?: object) => void;
  readonly signal: AbortSignal;
}

/**
 * Looks until there is a notice, or until the signal.
 * A recommendation to rebalance is told and no more: most are followed by no interruption, and what is lost to one is a single unit.
 * @returns whether there is a notice
 */
export async function spotNotice({ env, every, log, signal }: NoticeOptions): Promise<boolean> {
  const metadata = openMetadata(env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? 'http://169.254.169.254');
  const told = new Set<string>();
  const once = (line: string, facts: object): void => {
    if (!told.has(line)) log(line, facts);
    told.add(line);
  };
  while (!signal.aborted) {
    try {
      const notice = await metadata(INTERRUPTION);
      if (notice !== undefined) {
        log('the cloud takes this machine back', { notice });
        return true;
      }
      const rebalance = await metadata(REBALANCE);
      if (rebalance !== undefined) once('the cloud may take this machine back', { notice: rebalance });
    } catch (error) {
      // A machine without this service is not of EC2, or hides it: then nobody says anything beforehand.
      once('the instance metadata cannot be read', { reason: String(error) });
    }
    await pause(every, signal);
  }
  return false;
}

/** Reads one item of the metadata; `undefined` where there is none (404). */
function openMetadata(endpoint: string): (path: string) => Promise<string | undefined> {
  let token: string | undefined;
  const ask = (path: string, init: RequestInit): Promise<Response> =>
    fetch(new URL(path, endpoint), { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
  const renew = async (): Promise<string> => {
    const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) };
    const answer = await ask('/latest/api/token', { method: 'PUT', headers });
    if (!answer.ok) throw new Error(`no token: ${answer.status}`);
    return answer.text();
  };
  return async (path) => {
    token ??= await renew();
    const answer = await ask(path, { headers: { 'X-aws-ec2-metadata-token': token } });
    const text = await answer.text();
    if (answer.ok) return text;
    // The token has run out, or the service was started anew.
    if (answer.status === 401) token = undefined;
    if (answer.status === 401 || answer.status === 404) return undefined;
    throw new Error(`${path}: ${answer.status}`);
  };
}
