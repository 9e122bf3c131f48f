/** An episode in small, as the real restorer, engine and mux leave it. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { openRenderer } from '../../src/agent/render.js';
import { averageRate } from '../../src/domain/frames.js';
import type { Job, Manifest } from '../../src/domain/job.js';
import type { CadenceVerdict } from '../../src/domain/media.js';
import { joinAndMux } from '../../src/media/join.js';
import { probe } from '../../src/media/probe.js';
import { restore } from '../../src/media/restore.js';
import type { SyncTask } from '../../src/proofs/sync.js';
import { testJob, testProfile } from '../fixtures/job.js';
import { tools } from '../helpers/tools.js';

export interface Rendered {
  readonly job: Job;
  readonly manifest: Manifest;
  readonly source: string;
  readonly segments: readonly string[];
  /** Paths of the restored segments. */
  readonly restored: readonly string[];
}

/** A source as the real restorer and the real engine leave it. */
export async function rendered(folder: string, source: string, cadence: CadenceVerdict): Promise<Rendered> {
  const place = await mkdtemp(join(folder, 'work-'));
  const target = { width: 320, height: 240 };
  const job = { ...testJob(await probe(tools, source), cadence, testProfile()), target };
  const { segments: cuts, ...picture } = await restore(tools, { job, source, folder: place });
  const renderer = openRenderer({ tools, models: [], threads: 2 });
  const shape = { ...picture, job, frameRate: averageRate(picture.steps), threads: 2 };
  const segments: string[] = [];
  for (const [segment, { file, frames }] of cuts.entries()) {
    const output = join(place, `rendered-${segment}.mkv`);
    const task = { ...shape, segment, frames, input: file, output };
    await renderer.render(task, { signal: new AbortController().signal, onFrames: () => undefined });
    segments.push(output);
  }
  const named = cuts.map(({ first, frames }) => ({ key: '', sha256: '', bytes: 0, first, frames }));
  const manifest = { version: 1, machine: 'e01-00000000-l1', epoch: 0, ...picture, segments: named } as const;
  return { job, manifest, source, segments, restored: cuts.map(({ file }) => file) };
}

/** Joins with the picture moved by so many ticks, and asks for the proof of the promised place. */
export async function joined(folder: string, episode: Rendered, movedTicks = 0): Promise<SyncTask> {
  const { job, manifest, source, segments } = episode;
  const place = await mkdtemp(join(folder, 'result-'));
  const result = join(place, 'result.mkv');
  const moved = { ...manifest, startTicks: manifest.startTicks + movedTicks };
  await joinAndMux(tools, { info: job.info, manifest: moved, segments, source, output: result });
  const { pictureStream } = await probe(tools, result);
  return { job, manifest, source, result, resultStream: pictureStream };
}
