/** `--episodes 1-4,7`: which of the numbered episodes are wanted. */
import { Failure } from '../domain/failures.js';

/** Ranges of episode numbers, both ends included. */
export type Selection = readonly (readonly [from: number, to: number])[];

const RANGE = /^(\d{1,6})(?:-(\d{1,6}))?$/;

/** @throws Failure `usage` for anything but numbers and rising ranges from 1 */
export function parseSelection(text: string): Selection {
  return text.split(',').map((part) => {
    const [, first, last = first] = RANGE.exec(part.trim()) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from >= 1 && from <= to)) {
      throw new Failure('usage', `--episodes cannot be read at "${part}"`, { next: 'Write it like: --episodes 1-4,7' });
    }
    return [from, to];
  });
}

export const selects = (selection: Selection, number: number): boolean =>
  selection.some(([from, to]) => from <= number && number <= to);

/** @throws Failure `usage` when the selection names numbers that the season does not have */
export function checkSelection(selection: Selection, count: number): void {
  const beyond = selection.flat().find((number) => number > count);
  if (beyond === undefined) return;
  throw new Failure('usage', `There is no episode ${beyond}`, {
    evidence: `the folder has ${count === 1 ? 'one video' : `${count} videos`}`,
    next: 'See the numbers with: taaf plan <folder>',
  });
}
