/**
 * Loose VOBs have clocks that begin again, so they are copied before anything else reads them. Those of one title set are one stream
 * that was cut every gigabyte: `VTS_01_1.VOB`, `VTS_01_2.VOB`… become one candidate. Pure.
 */
import { posix } from 'node:path';
import type { Candidate } from './leave-out.js';

const VOB = /\.vob$/i;
const PART = /^(VTS_\d\d)_([1-9])\.VOB$/i;

/** Joins sets that begin with part 1 and lack none; what else there is stays a candidate of its own. */
export function joinVobs(found: readonly Candidate[]): Candidate[] {
  const sets = new Map<string, Candidate[]>();
  for (const candidate of found) {
    const set = setOf(candidate);
    if (set !== undefined) sets.set(set, [...(sets.get(set) ?? []), candidate]);
  }
  return found.flatMap((candidate) => {
    const set = sets.get(setOf(candidate) ?? '');
    if (set === undefined || !isWhole(set)) return [VOB.test(candidate.path) ? alone(candidate) : candidate];
    return partOf(candidate) === 1 ? [joined(set)] : [];
  });
}

const setOf = ({ path }: Candidate): string | undefined => {
  const [, set] = PART.exec(posix.basename(path)) ?? [];
  return set === undefined ? undefined : posix.join(posix.dirname(path), set);
};

const partOf = ({ path }: Candidate): number => Number(PART.exec(posix.basename(path))?.[2]);

const inOrder = (set: readonly Candidate[]): Candidate[] => [...set].sort((a, b) => partOf(a) - partOf(b));

const isWhole = (set: readonly Candidate[]): boolean =>
  set.length > 1 && inOrder(set).every((candidate, i) => partOf(candidate) === i + 1);

const alone = (candidate: Candidate): Candidate => {
  const { path, bytes, modifiedMs } = candidate;
  return { ...candidate, origin: { kind: 'vobs', files: [{ path, bytes, modifiedMs }] } };
};

function joined(set: readonly Candidate[]): Candidate {
  const files = inOrder(set).map(({ path, bytes, modifiedMs }) => ({ path, bytes, modifiedMs }));
  const path = posix.join(
    posix.dirname(files[0]?.path ?? ''),
    PART.exec(posix.basename(files[0]?.path ?? ''))?.[1] ?? '',
  );
  return {
    path,
    stem: posix.basename(path),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    modifiedMs: Math.max(...files.map(({ modifiedMs }) => modifiedMs)),
    origin: { kind: 'vobs', files },
  };
}
