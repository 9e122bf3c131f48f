/**
 * A notice that is sent once, also when whoever wanted it is killed while it goes out: a small process of its own sends it, holds a lock
 * meanwhile, and leaves the outcome on the disk. Only the death of that process itself can make a notice go out twice.
 */
import { readFile } from 'node:fs/promises';
import { ignoreMissing } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import { isOpaque } from '../domain/ids.js';
import type { Tools } from '../domain/tools.js';
import { startInBackground } from '../process/background.js';
import type { Background } from '../process/background.js';
import { isLocked } from '../process/lock.js';
import { pause } from '../process/pause.js';
import { lastLine } from '../process/run.js';
import type { Notice, Outcome } from './apprise.js';
import { errorsOf, lockOf, readSent, writeOrder } from './records.js';
import type { NoticeRef } from './records.js';

export interface NoticeRequest extends NoticeRef, Notice {
  readonly tools: Pick<Tools, 'apprise'>;
  readonly urls: readonly string[];
  /** argv of the sender (`node dist/notify.js`); folder and id are added. */
  readonly sender: readonly string[];
}

const LOOK_MS = 50;
/** A sender ends by itself long before. */
const LIMIT_MS = 120_000;
/** Senders that may die before one is believed to be broken. */
const TRIES = 3;

/**
 * What became of each address; the same answer for every call with this id.
 * @throws Failure `bug` when no sender survives, `stalled` when one hangs; a dead address is an outcome
 */
export async function notifyOnce(request: NoticeRequest): Promise<readonly Outcome[]> {
  const { folder, id, urls, title, body, tools, sender } = request;
  if (!isOpaque(id)) throw new Failure('bug', `${id} is no id of a notice`);
  const ref = { folder, id };
  const known = await readSent(ref);
  if (known) return known;
  await writeOrder(ref, { urls, title, body, apprise: tools.apprise });
  const deadline = performance.now() + LIMIT_MS;
  let last: Background | undefined;
  for (let tries = 0; performance.now() < deadline;) {
    // In this order: whoever ends has left the outcome before.
    const isIdle = (last?.hasEnded() ?? true) && !isLocked(lockOf(ref));
    const sent = await readSent(ref);
    if (sent) return sent;
    if (isIdle) {
      if (tries === TRIES) throw await broken(ref);
      last = startInBackground([...sender, folder, id], { cwd: folder, env: process.env, errors: errorsOf(ref) });
      tries += 1;
    }
    await pause(LOOK_MS);
  }
  throw new Failure('stalled', `The notice ${id} is not sent after ${LIMIT_MS / 1000} s`);
}

async function broken(ref: NoticeRef): Promise<Failure> {
  const evidence = lastLine((await readFile(errorsOf(ref), 'utf8').catch(ignoreMissing)) ?? '');
  return new Failure('bug', `The notice ${ref.id} cannot be sent`, evidence === undefined ? {} : { evidence });
}
