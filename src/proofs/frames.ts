/** The proof that a restored picture has every frame of its source once: fingerprints of all fields of both, compared with each other. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { timesOf } from '../domain/frames.js';
import type { Job, Manifest } from '../domain/job.js';
import { secondsOf } from '../domain/media.js';
import type { FrameFault, FrameProof } from '../domain/proof.js';
import { filmOfFile, readFields } from '../media/cadence-pass.js';
import { concatList } from '../media/concat-list.js';
import { movedBlocks } from '../media/field-evidence.js';
import { ownInput, sourceInput } from '../media/ffmpeg.js';
import { frameHashes } from '../media/frame-hashes.js';
import { cadenceOf, passagesOf } from '../media/restore-chain.js';
import type { MediaTools } from '../media/restore-task.js';
import { matchFields, type HashedFields } from './field-match.js';
import { lostMoments, wantedBy, type Wanted } from './moments.js';

export interface FramesTask {
  readonly job: Job;
  readonly source: string;
  readonly picture: Pick<Manifest, 'steps'>;
  /** Paths of the restored segments, in order. */
  readonly segments: readonly string[];
  /** An empty folder of our own. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** Told now and then that something was done. */
  readonly alive: () => void;
}

/** What is shown twice, by a filter of the user's own or in another size, cannot be told by its bits. */
export const canProveFrames = ({ profile, info: { picture } }: Job): boolean =>
  profile.restore.command === undefined && picture.height % 2 === 0;

/** @throws Failure `bad-source`, `verify-failed` when one of the pictures cannot be decoded, `cancelled` */
export async function proveFrames(tools: MediaTools, task: FramesTask): Promise<FrameProof> {
  const { job } = task;
  const [film, source, restored] = await looks(tools, task);
  const start = film.times[0] ?? 0;
  const coded = { ...source, seconds: film.times.map((ticks) => secondsOf(ticks - start)) };
  const kept = { ...restored, seconds: timesOf(task.picture.steps).map(secondsOf) };
  const { shown, doubled, foreign } = matchFields(coded, kept);
  const lost = lostMoments(movedBlocks(film), shown, wanted(job));
  const lostAt = lost.map((frame) => frameAt(kept.seconds, coded.seconds[frame] ?? 0));
  return {
    fields: 2 * coded.top.length,
    faults: [
      ...fault('lost', lostAt, `coded frame ${lost[0]} of the source`),
      ...fault('doubled', doubled, 'the same fields as a frame before it'),
      ...fault('foreign', foreign, 'no field of it is one of the source'),
    ],
  };
}

/** Three programs at once, each busy with decoding; when one fails the others end before that is told. */
async function looks(tools: MediaTools, task: FramesTask) {
  const { job, source, alive } = task;
  const stop = new AbortController();
  const signal = task.signal ? AbortSignal.any([task.signal, stop.signal]) : stop.signal;
  const each = { ...task, signal };
  const picture = [...sourceInput(source), '-map', `0:${job.info.pictureStream}`];
  const passes = [
    readFields(tools, filmOfFile(source, job.info), job.info, { signal, onFrames: alive }),
    hashed(tools, picture, each),
    hashedSegments(tools, each),
  ] as const;
  try {
    return await Promise.all(passes);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(passes);
    throw error;
  }
}

const fault = (kind: FrameFault['kind'], frames: readonly number[], evidence: string): FrameFault[] => {
  const [frame] = frames;
  return frame === undefined ? [] : [{ kind, frame, count: frames.length, evidence }];
};

/** The last frame that is shown by then. */
const frameAt = (times: readonly number[], seconds: number): number =>
  Math.max(
    0,
    times.findLastIndex((time) => time <= seconds + ROUNDED),
  );

/** Matroska states times in whole milliseconds. */
const ROUNDED = 0.001;

function wanted(job: Job): (frame: number) => Wanted {
  const { interlaced } = job.profile.restore;
  const first = job.cadence.fieldOrder === 'tff' ? 'top' : 'bottom';
  const video = interlaced === 'field' ? 'field' : first;
  const passages = passagesOf(job);
  if (passages) return wantedBy(passages, video);
  return () => (cadenceOf(job) === 'interlaced' ? video : 'whole');
}

async function hashedSegments(tools: MediaTools, task: FramesTask): Promise<Omit<HashedFields, 'seconds'>> {
  const list = join(task.folder, 'segments.ffconcat');
  await writeFile(list, concatList(task.segments.map((file) => ({ file, ticks: 1 }))));
  try {
    return await hashed(tools, ['-xerror', '-f', 'concat', '-safe', '0', ...ownInput(list)], task);
  } finally {
    await rm(list, { force: true });
  }
}

/** The upper field comes first, whatever the frames say of themselves. */
async function hashed(
  tools: MediaTools,
  input: readonly string[],
  task: FramesTask,
): Promise<Omit<HashedFields, 'seconds'>> {
  // Frames are counted: a filter that halves their time must never meet two of the same.
  const filters = 'settb=1/50,setpts=2*N,setfield=tff,separatefields';
  const argv = [...input, '-vf', filters, '-fps_mode', 'passthrough'];
  const { source: file, signal, alive } = task;
  const [fields = []] = await frameHashes(tools, argv, { file, hash: 'murmur3', signal, onFrame: alive });
  const every = (parity: number) => fields.flatMap(({ hash }, i) => (i % 2 === parity ? [hash] : []));
  return { top: every(0), bottom: every(1) };
}
