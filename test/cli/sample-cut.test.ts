/** Frames cut out of the middle of a source are restored as they would be in the whole of it, and begin with a whole one. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cutFrames, restoreCut } from '../../src/cli/sample-cut.js';
import type { Job } from '../../src/domain/job.js';
import { timed } from '../../src/cli/views/cadence.js';
import { detectCadence } from '../../src/media/cadence.js';
import { filmOfFile } from '../../src/media/cadence-pass.js';
import { probe } from '../../src/media/probe.js';
import { codedTaken } from '../../src/report/shown.js';
import { testJob } from '../fixtures/job.js';
import * as fixtures from '../fixtures/media.js';
import { temporaryFolder } from '../helpers/folder.js';
import { tools } from '../helpers/tools.js';

const options = { tools, signal: new AbortController().signal };

async function hybrid(folder: string): Promise<{ source: string; job: Job }> {
  const source = await fixtures.hybrid(folder, [
    { kind: 'film', count: 96 },
    { kind: 'video', count: 96 },
  ]);
  const info = await probe(tools, source);
  return { source, job: testJob(info, await detectCadence(tools, filmOfFile(source, info), info)) };
}

async function restoredAt(folder: string, source: string, job: Job, seconds: number, frames: number) {
  const [clip, output] = [join(folder, 'clip.mkv'), join(folder, 'restored.mkv')];
  await cutFrames({ name: source, taken: codedTaken(source, job.info, seconds), frames: 40, output: clip }, options);
  const words = timed(job.cadence.passages ?? []).map(({ kind, from, to }) => ({
    kind,
    from: from - seconds,
    to: to - seconds,
  }));
  const count = await restoreCut(job, words, { clip, frames, output }, options);
  return { count, seen: await fixtures.framesIn(folder, output) };
}

describe('frames that are cut out', () => {
  it('are whole and follow each other, wherever in the 3:2 cycle the cut begins', async () => {
    const folder = await temporaryFolder();
    const { source, job } = await hybrid(folder);
    for (let i = 0; i < 5; i++) {
      const { count, seen } = await restoredAt(folder, source, job, 0.8 + (i * 1001) / 30_000, 6);
      const first = seen[0]?.number ?? NaN;
      expect(count).toBe(6);
      expect(seen).toEqual(Array.from({ length: 6 }, (_, n) => ({ number: first + n, combed: false })));
      expect(Math.abs(first - (0.8 + (i * 1001) / 30_000) * (24_000 / 1001))).toBeLessThan(2.5);
    }
  });

  it('are a frame for each field where the source is video', async () => {
    const folder = await temporaryFolder();
    const { source, job } = await hybrid(folder);
    const { seen } = await restoredAt(folder, source, job, 4.5, 6);
    const first = seen[0]?.number ?? NaN;
    expect(seen.map(({ number }) => number)).toEqual(Array.from({ length: 6 }, (_, n) => first + n));
  });

  it('are none behind the end', async () => {
    const folder = await temporaryFolder();
    const source = await fixtures.progressive(folder, 24);
    const info = await probe(tools, source);
    const cut = { name: 'x.mkv', taken: codedTaken(source, info, 60), frames: 4, output: join(folder, 'clip.mkv') };
    await expect(cutFrames(cut, options)).rejects.toMatchObject({ kind: 'bad-source' });
  });
});
