/** Clips as a DVD has them, and the task that an agent would get for one. */
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../src/config/package-root.js';
import { targetSize } from '../src/domain/geometry.js';
import type { Job } from '../src/domain/job.js';
import type { SegmentTask } from '../src/engines/engine.js';
import { onnx } from '../src/engines/onnx.js';
import { probe } from '../src/media/probe.js';
import { restoredOutput } from '../src/media/restore-chain.js';
import { run } from '../src/process/run.js';
import { loadBuiltin } from '../src/profiles/builtin.js';
import type { Bench } from './bench.js';

export const PROFILE = 'dvd-preview';
/** The picture of most figures: small, so that frames are many enough to tell something. */
export const SMALL = { width: 352, height: 240 } as const;

export interface Clip {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

const picture = ({ width, height }: Clip): string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=${width}x${height}:rate=24000/1001`,
];
const quiet = ['-nostdin', '-v', 'error', '-y'];

/** MPEG-2 with pixels of 10:11, as on a DVD. @param number gives it colours of its own */
export async function makeClip({ tools, signal }: Bench, path: string, clip: Clip, number = 0): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const video = [
    '-vf',
    `hue=h=${number * 47},setsar=10/11`,
    '-c:v',
    'mpeg2video',
    '-b:v',
    '3M',
    '-g',
    '12',
    '-frames:v',
    String(clip.frames),
  ];
  await run([tools.ffmpeg, ...quiet, ...picture(clip), ...video, path], { signal });
}

/** The same picture as restoring leaves it: what a segment's unit begins with. */
export async function makeRestored({ tools, signal }: Bench, source: string, path: string): Promise<void> {
  await run([tools.ffmpeg, ...quiet, '-i', source, '-map', '0:v:0', ...restoredOutput(path)], { signal });
}

/** The task of rendering a clip as one segment. */
export async function taskOf({ tools, signal }: Bench, source: string, clip: Clip): Promise<SegmentTask> {
  const assets = join(packageRoot(), 'assets');
  const info = await probe(tools, source, signal);
  const profile = await loadBuiltin(PROFILE, assets, (path) => readFile(path, 'utf8'));
  const job: Job = {
    version: 1,
    season: 'bench',
    episode: 'e01-bench',
    recipe: 'r-bench',
    order: 1,
    source: { key: 'sources/e01-bench/bench', sha256: '', bytes: info.bytes },
    info,
    cadence: { cadence: 'progressive', fieldOrder: 'tff', confidence: 1, evidence: 'made so' },
    profile,
    target: targetSize(info.picture, profile.size),
  };
  return {
    job,
    segment: 0,
    ...clip,
    pixelFormat: info.picture.pixelFormat,
    input: source,
    output: `${source}.rendered.mkv`,
    frameRate: info.picture.frameRate,
    threads: availableParallelism(),
  };
}

/** The commands of the two ffmpegs around the model. */
export function programsOf(task: SegmentTask) {
  const run = onnx.run(task);
  if (run.kind !== 'piped') throw new Error('the ONNX engine pipes its frames');
  return run;
}
