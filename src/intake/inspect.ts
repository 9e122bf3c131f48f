/** Looks into every candidate: what is in it and how its frames lie; what is no episode is left out with the reason. */
import { join } from 'node:path';
import pMap from 'p-map';
import type { Origin } from '../domain/disc.js';
import { Failure, type FailureKind } from '../domain/failures.js';
import type { CadenceVerdict, SourceInfo } from '../domain/media.js';
import type { Skipped } from '../domain/season.js';
import type { Numbered } from './choose-episodes.js';
import { declaredEnd } from './declared-end.js';
import { findDuplicates } from './duplicates.js';
import type { Candidate } from './leave-out.js';

export interface Inspected extends Numbered {
  readonly source: SourceInfo;
  readonly cadence: CadenceVerdict;
}

/** How a file is looked into; `inspectorsOf` has the real ones. */
export interface Inspectors {
  readonly probe: (path: string, signal?: AbortSignal) => Promise<SourceInfo>;
  readonly detectCadence: (path: string, info: SourceInfo, signal?: AbortSignal) => Promise<CadenceVerdict>;
  /** Looks into a title of a disc or into loose VOBs. @param folder absolute path of the season's folder */
  readonly lookIntoOrigin: (
    folder: string,
    origin: Origin,
    signal?: AbortSignal,
  ) => Promise<{ readonly source: SourceInfo; readonly cadence: CadenceVerdict }>;
}

export interface Inspection {
  readonly episodes: readonly Inspected[];
  readonly skipped: readonly Skipped[];
}

/** More would only fight for the disk. */
const AT_ONCE = 2;

/** What is wrong with one file and not with TAAF or this computer. */
const ofTheFile: readonly FailureKind[] = ['bad-source', 'unsupported', 'permission'];

/** @param onInspected called after every file, in the order in which they are finished */
export async function inspect(
  folder: string,
  candidates: readonly Numbered[],
  inspectors: Inspectors,
  watch: { readonly signal?: AbortSignal; readonly onInspected?: (path: string) => void } = {},
): Promise<Inspection> {
  const files = candidates.filter(isFile);
  const duplicates = await findDuplicates(folder, files, watch.signal);
  const look = async (candidate: Numbered): Promise<Inspected | Skipped> => {
    const first = duplicates.get(candidate.path);
    const found =
      first === undefined ? await examine(folder, candidate, inspectors, watch.signal) : repeats(candidate, first);
    watch.onInspected?.(candidate.path);
    return found;
  };
  const found = await pMap(candidates, look, {
    concurrency: AT_ONCE,
    ...(watch.signal ? { signal: watch.signal } : {}),
  });
  return {
    episodes: found.filter((one) => 'source' in one),
    skipped: found.filter((one): one is Skipped => 'reason' in one),
  };
}

/** Whether the candidate's path is that of a file. */
const isFile = ({ path, origin }: Candidate): boolean =>
  origin === undefined || (origin.kind === 'vobs' && origin.files[0]?.path === path);

const repeats = ({ path }: Candidate, first: string): Skipped => ({ path, reason: `same content as ${first}` });

const brokenOff = ({ bytes }: Candidate, end: number): string =>
  `broken off: ${bytes} bytes are there, its header promises ${end}`;

async function examine(
  folder: string,
  candidate: Numbered,
  inspectors: Inspectors,
  signal: AbortSignal | undefined,
): Promise<Inspected | Skipped> {
  const { origin } = candidate;
  const place = join(folder, candidate.path);
  try {
    if (origin) return { ...candidate, ...(await inspectors.lookIntoOrigin(folder, origin, signal)) };
    const source = await inspectors.probe(place, signal);
    const end = await declaredEnd(place);
    if (end !== undefined && end > candidate.bytes) return { path: candidate.path, reason: brokenOff(candidate, end) };
    return { ...candidate, source, cadence: await inspectors.detectCadence(place, source, signal) };
  } catch (error) {
    if (!(error instanceof Failure) || !ofTheFile.includes(error.kind)) throw error;
    const why = error.evidence === undefined ? error.message : `${error.message} (${error.evidence})`;
    // The path stands beside the reason already.
    return { path: candidate.path, reason: why.replaceAll(`file:${place}: `, '').replaceAll(`${place} `, '') };
  }
}
