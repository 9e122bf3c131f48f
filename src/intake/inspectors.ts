/** The real inspectors: ffprobe reads the headers, ffmpeg the cadence, unless that is known already. */
import type { CadenceVerdict } from '../domain/media.js';
import type { Tools } from '../domain/tools.js';
import { detectCadence } from '../media/cadence.js';
import { probe } from '../media/probe.js';
import type { CadenceRecords } from './cadence-records.js';
import type { Inspectors } from './inspect.js';

export interface Remembering {
  readonly records: CadenceRecords;
  /** Told now and then how many frames of a file have been looked at, and of how many. */
  readonly onFrames: (path: string, done: number, of: number) => void;
}

export const inspectorsOf = (tools: Tools, remembering?: Remembering): Inspectors => ({
  probe: (path, signal) => probe(tools, path, signal),
  async detectCadence(path, info, signal): Promise<CadenceVerdict> {
    const known = await remembering?.records.read(path);
    if (known) return known.verdict;
    const onFrames = (done: number, of: number): void => remembering?.onFrames(path, done, of);
    const verdict = await detectCadence(tools, path, info, { signal, onFrames });
    await remembering?.records.write(path, { verdict, words: [] });
    return verdict;
  },
});
