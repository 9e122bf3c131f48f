/** `41:10-42:00=video`: what the user says about a stretch of an episode. */
import type { CadenceWord, PassageKind } from '../domain/cadence.js';
import { Failure } from '../domain/failures.js';
import { didYouMean } from './suggest.js';

const kinds: readonly PassageKind[] = ['film', 'frames', 'video', 'mixed'];
const CLOCK = String.raw`(?:\d+:)?(?:\d{1,3}:)?\d+(?:\.\d+)?`;
const WORD = new RegExp(`^(${CLOCK})-(${CLOCK})=(\\w+)$`);

/** @throws Failure `usage` for anything but a rising stretch and one of the kinds */
export function parseCadenceWord(text: string): CadenceWord {
  const [, start, end, name] = WORD.exec(text) ?? [];
  if (start === undefined || end === undefined || name === undefined)
    throw new Failure('usage', `--set cannot be read: "${text}"`, { next: 'Write it like: --set 41:10-42:00=video' });
  const kind = kinds.find((known) => known === name);
  if (kind === undefined)
    throw new Failure('usage', `"${name}" is none of ${kinds.join(', ')}`, { next: didYouMean(name, kinds) });
  const [from, to] = [secondsOf(start), secondsOf(end)];
  if (from < to) return { from, to, kind };
  throw new Failure('usage', `--set ends before it begins: "${text}"`, {
    next: 'Write it like: --set 41:10-42:00=video',
  });
}

/** `1:02:03.5`, `41:10` or `12.5` in seconds. */
const secondsOf = (clock: string): number => clock.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
