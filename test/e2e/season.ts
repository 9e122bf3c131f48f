/** A season in small for the real binary: seconds of MPEG-2 with sound and chapters, and a profile that renders it in seconds. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/process/run.js';
import { tools } from '../helpers/tools.js';

export const FRAMES = 72;

/** Three segments an episode, small, fast and exact. */
const PROFILE = `description: for tests
restore:
  segmentSeconds: 1
upscale:
  engine: ffmpeg
  scaler: bicubic
size:
  scale: 2
encode:
  codec: hevc
  quality: 24
  preset: ultrafast
  keyframeSeconds: 1
`;

export interface SmallSeason {
  readonly folder: string;
  readonly profile: string;
  /** Names of the results. */
  readonly results: readonly string[];
}

/** Writes the small profile and returns its path. */
export async function writeProfile(root: string): Promise<string> {
  const profile = join(root, 'small.yaml');
  await writeFile(profile, PROFILE);
  return profile;
}

export async function smallSeason(root: string, name: string, episodes: number, frames = FRAMES): Promise<SmallSeason> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  const profile = await writeProfile(root);
  const results: string[] = [];
  for (let n = 1; n <= episodes; n++) {
    const file = `Show - S01E0${n}.mkv`;
    await episode(join(folder, file), frames, n);
    results.push(file);
  }
  return { folder, profile, results };
}

/** Every episode has its own colours and tone, so none can be taken for another. */
async function episode(path: string, frames: number, n: number): Promise<void> {
  const seconds = (frames * 1001) / 24_000;
  const picture = `testsrc2=size=352x240:rate=24000/1001:duration=${seconds},hue=h=${n * 47},setsar=10/11`;
  const sound = `sine=frequency=${200 + 50 * n}:duration=${seconds}:sample_rate=48000`;
  const input = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound];
  const video = ['-c:v', 'mpeg2video', '-b:v', '3M', '-g', '12', '-frames:v', String(frames)];
  const tags = [
    '-metadata:s:a:0',
    'language=eng',
    '-metadata:s:a:0',
    'title=Stereo',
    '-metadata',
    `title=Episode ${n}`,
  ];
  await run([tools.ffmpeg, '-nostdin', '-v', 'error', '-y', ...input, ...video, '-c:a', 'ac3', ...tags, path]);
}

/** Names in an output folder, sorted, beside TAAF's own folder. */
export const resultsIn = async (out: string): Promise<string[]> =>
  (await readdir(out)).filter((name) => name !== '.taaf').sort();
