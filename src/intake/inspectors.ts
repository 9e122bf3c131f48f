/** The real inspectors: ffprobe reads the headers, ffmpeg the cadence, unless that is known already; discs have a reader of their own. */
import { join } from 'node:path';
import { lookIntoOrigin } from '../discs/look.js';
import type { CadenceVerdict } from '../domain/media.js';
import type { Tools } from '../domain/tools.js';
import { detectCadence } from '../media/cadence.js';
import { filmOfFile } from '../media/cadence-pass.js';
import { probe } from '../media/probe.js';
import { identityOf, type CadenceRecords } from './cadence-records.js';
import type { Inspectors } from './inspect.js';

export interface Remembering {
  readonly records: CadenceRecords;
  /** Told now and then how many frames of a source have been looked at, and of how many. */
  readonly onFrames: (path: string, done: number, of: number) => void;
}

export const inspectorsOf = (tools: Tools, remembering?: Remembering): Inspectors => ({
  probe: (path, signal) => probe(tools, path, signal),
  async detectCadence(path, info, signal): Promise<CadenceVerdict> {
    const identity = await identityOf(path);
    const known = await remembering?.records.read(identity);
    if (known) return known.verdict;
    const onFrames = (done: number, of: number): void => remembering?.onFrames(path, done, of);
    const verdict = await detectCadence(tools, filmOfFile(path, info), info, { signal, onFrames });
    await remembering?.records.write(identity, { verdict, words: [] });
    return verdict;
  },
  async lookIntoOrigin(folder, origin, signal) {
    const identity = [folder, origin];
    const known = (await remembering?.records.read(identity))?.verdict;
    const name = join(folder, origin.files[0]?.path ?? '');
    const onFrames = (done: number, of: number): void => remembering?.onFrames(name, done, of);
    const look = await lookIntoOrigin(tools, { folder, origin, signal }, { known, onFrames });
    if (!known) await remembering?.records.write(identity, { verdict: look.cadence, words: [] });
    return look;
  },
});
