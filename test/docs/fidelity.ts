/** Measures the rows of docs/fidelity.md: sources of every cadence go through all of TAAF in small, then results are spoiled on purpose. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../src/domain/failures.js';
import { checkSegment } from '../../src/media/check-segment.js';
import { detectCadence } from '../../src/media/cadence.js';
import { filmOfFile } from '../../src/media/cadence-pass.js';
import { probe } from '../../src/media/probe.js';
import { verifyResult } from '../../src/media/verify.js';
import { proveFrames } from '../../src/proofs/frames.js';
import { proveSync } from '../../src/proofs/sync.js';
import { captioned } from '../fixtures/captions.js';
import * as fixtures from '../fixtures/media.js';
import { fixture } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';
import { joined, rendered, type Rendered } from '../proofs/rendered.js';

/** A source whose frames carry the numbers 0 to `frames` - 1. */
interface Made {
  readonly name: string;
  readonly frames: number;
  readonly make: (folder: string) => Promise<string>;
}

const spliced = [
  { kind: 'film', count: 40 },
  { kind: 'video', count: 60 },
  { kind: 'film', count: 40 },
] as const;

/** The streams of an episode of a disc beside a picture: two sounds, VobSubs, chapters and an attachment. */
async function withStreams(video: string, path: string): Promise<string> {
  const maps = ['0:v', '1:a', '1:s', '1:t'].flatMap((map) => ['-map', map]);
  await fixtures.ffmpeg('-i', video, '-i', fixture('dvd-episode.mkv'), ...maps, '-c', 'copy', path);
  return path;
}

const withTone = async (folder: string, video: Promise<string>, name: string): Promise<string> =>
  fixtures.withTone(await video, 200, join(folder, name));

const captions = [{ text: 'Not a word is lost', from: 60, to: 100 }];

export const matrix: readonly Made[] = [
  {
    name: 'progressive film, two sounds, VobSubs, chapters, attachment',
    frames: 96,
    make: async (folder) => withStreams(await fixtures.progressive(folder, 96), join(folder, 'streams.mkv')),
  },
  {
    name: 'hard telecine, sound 200 ms early',
    frames: 96,
    make: (folder) => withTone(folder, fixtures.hardTelecine(folder, 96), 'hard-tone.mkv'),
  },
  {
    name: 'soft telecine in a VOB, sound 200 ms early',
    frames: 96,
    make: (folder) => withTone(folder, fixtures.softTelecine(folder, 96, 'vob'), 'soft-tone.vob'),
  },
  {
    name: 'soft telecine with closed captions',
    frames: 96,
    make: (folder) => captioned(folder, 96, { telecine: 'soft', form: 'ga94', captions }, 'captions.mkv'),
  },
  {
    name: 'soft, then hard telecine',
    frames: 96,
    make: (folder) => withTone(folder, fixtures.softThenHard(folder, 96), 'spliced-tone.mkv'),
  },
  {
    name: 'video, a frame for every field',
    frames: 192,
    make: (folder) => withTone(folder, fixtures.interlaced(folder, 192), 'video-tone.mkv'),
  },
  {
    name: 'film, video, film in one episode',
    frames: 140,
    make: (folder) => withTone(folder, fixtures.hybrid(folder, spliced), 'hybrid-tone.mkv'),
  },
];

export interface Delivered extends Rendered {
  readonly result: string;
  readonly resultStream: number;
}

export async function deliver(parent: string, { make }: Made): Promise<Delivered> {
  const folder = await mkdtemp(join(parent, 'made-'));
  const source = await make(folder);
  const info = await probe(tools, source);
  const episode = await rendered(folder, source, await detectCadence(tools, filmOfFile(source, info), info));
  const { result, resultStream } = await joined(folder, episode);
  return { ...episode, result, resultStream };
}

/** The row of a delivered source: what is seen in the result's pixels, and what the proofs say. */
export async function rowOf({ name, frames }: Made, delivered: Delivered): Promise<string[]> {
  const place = await mkdtemp(`${delivered.result}-seen-`);
  const seen = await fixtures.framesIn(place, delivered.result);
  const numbers = new Set(seen.map(({ number }) => number));
  const all = Array.from({ length: frames }, (_, number) => number);
  const { streams, chapters } = await verifyResult(tools, delivered);
  const { points, longerMs } = await proveSync(tools, delivered);
  const late = points.map((point) => ('lateMs' in point ? Math.abs(point.lateMs) : Number.NaN));
  const kinds = ['audio', 'subtitle', 'attachment'].map(
    (kind) => [streams.filter((one) => one.kind === kind).length, kind] as const,
  );
  const present = [...kinds, [chapters.length, 'chapters'] as const].filter(([count]) => count > 0);
  return [
    name,
    `${frames}`,
    `${all.filter((number) => !numbers.has(number)).length}`,
    `${seen.length - numbers.size}`,
    `${seen.filter(({ combed }) => combed).length}`,
    `${longerMs ?? 'unknown'} ms`,
    `${Math.max(...late)} ms`,
    present.map(([count, kind]) => `${count} ${kind}`).join(', '),
  ];
}

/** What is done to a good result, and the words that TAAF has for it. */
export interface Sabotage {
  readonly name: string;
  readonly of: 'streams' | 'captions';
  readonly spoil: (delivered: Delivered, output: string) => Promise<string>;
}

/** A copy of the result by ffmpeg, as it goes through the verification. */
async function verified(delivered: Delivered, output: string, change: readonly string[]): Promise<string> {
  const kept = ['-c', 'copy', '-default_mode', 'passthrough', '-avoid_negative_ts', 'disabled'];
  await fixtures.ffmpeg('-copyts', '-i', delivered.result, ...change, ...kept, output);
  return refusal(verifyResult(tools, { ...delivered, result: output }), output);
}

async function refusal(checked: Promise<unknown>, file: string): Promise<string> {
  try {
    await checked;
    return 'nothing: it passes';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const [, said = error.message] = error.message.split('not what its source demands: ');
    return `${said.replaceAll(file, 'the result')}${said === error.message && error.evidence ? `: ${error.evidence}` : ''}`;
  }
}

/** The restored picture again, its frames changed by a filter, before the proof of its frames. */
async function restoredAnew(delivered: Delivered, output: string, filter: string): Promise<string> {
  const inputs = delivered.restored.flatMap((file) => ['-i', file]);
  const graph = `concat=n=${delivered.restored.length},settb=1/1000,setpts=N,${filter}`;
  await fixtures.ffmpeg(...inputs, '-filter_complex', graph, '-fps_mode', 'passthrough', '-c:v', 'ffv1', output);
  const { job, source, manifest: picture } = delivered;
  const folder = await mkdtemp(`${output}-`);
  const task = { job, source, picture, segments: [output], folder, alive: () => undefined };
  const { faults } = await proveFrames(tools, task);
  return faults.map(({ kind, frame, count }) => `alarm \`${kind}\`: ${count} at frame ${frame}`).join(', ');
}

export const sabotages: readonly Sabotage[] = [
  {
    name: 'one restored frame left out',
    of: 'captions',
    spoil: (good, output) => restoredAnew(good, output, "select='not(eq(n,50))'"),
  },
  {
    name: 'one restored frame in the place of its neighbour',
    of: 'captions',
    spoil: (good, output) => restoredAnew(good, output, 'split[a][b];[a][b]freezeframes=first=50:last=50:replace=49'),
  },
  {
    name: 'two restored frames blended into one',
    of: 'captions',
    spoil: (good, output) =>
      restoredAnew(
        good,
        output,
        "split[a][b];[b]tpad=start=1[c];[a][c]blend=all_mode=average:shortest=1:enable='eq(n,50)'",
      ),
  },
  {
    name: 'sound 80 ms late',
    of: 'streams',
    spoil: (good, output) =>
      verified(good, output, [
        '-itsoffset',
        '0.08',
        '-i',
        good.result,
        ...['0:v', '1:a', '0:s', '0:t'].flatMap((map) => ['-map', map]),
      ]),
  },
  {
    name: 'picture 80 ms late',
    of: 'streams',
    spoil: async (good) => {
      const moved = await joined(join(good.result, '..'), good, 9_600);
      return refusal(proveSync(tools, moved), moved.result);
    },
  },
  {
    name: 'a VobSub left out',
    of: 'streams',
    spoil: (good, output) => verified(good, output, ['-map', '0', '-map', '-0:s:0']),
  },
  {
    name: 'closed captions left out',
    of: 'captions',
    spoil: (good, output) => verified(good, output, ['-map', '0', '-map', '-0:s']),
  },
  {
    name: 'cut off by a second',
    of: 'streams',
    spoil: (good, output) => verified(good, output, ['-map', '0', '-t', '3']),
  },
  {
    name: 'colours tagged with the matrix of SD',
    of: 'streams',
    spoil: async (good, output) => {
      const [segment = ''] = good.segments;
      const encode = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'];
      await fixtures.ffmpeg('-i', segment, '-vf', 'setparams=colorspace=smpte170m', ...encode, output);
      const { width, height } = good.job.target;
      return refusal(checkSegment(tools, output, { frames: good.manifest.frames, width, height }), output);
    },
  },
];
