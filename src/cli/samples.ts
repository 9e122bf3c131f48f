/** Samples of every episode as a season of their own: the real machines on the real picture, for little money, before the whole is paid for. */
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoreMissing } from '../disk/durable.js';
import { canonicalJson, sha256Of } from '../disk/hash.js';
import { Failure } from '../domain/failures.js';
import { slug } from '../domain/ids.js';
import { sampleTimes, type SampleWish } from '../domain/samples.js';
import type { EpisodePlan, SeasonPlan } from '../domain/season.js';
import { ffmpegHead, fileUrl, sourceInput } from '../media/ffmpeg.js';
import { run } from '../process/run.js';
import type { Context } from './context.js';
import { patiently } from './patience.js';
import type { Planned } from './planning.js';

/**
 * Cuts the samples, by stream copy, into a folder that is named by what they are cut from: it appears whole, and the same samples are made once.
 * @returns the folder
 * @throws Failure `unsupported` for titles of discs
 */
export async function cutSamples(
  { plan, config, tools }: Pick<Planned, 'plan' | 'config' | 'tools'>,
  wish: SampleWish,
  context: Context,
): Promise<string> {
  const disc = plan.episodes.find(({ origin }) => origin !== undefined);
  if (disc) {
    throw new Failure('unsupported', `${disc.path} is a title of a disc, of which no sample can be cut`, {
      next: 'Use --pilot: the first episode alone, then taaf approve',
    });
  }
  const files = plan.episodes.map(({ path, bytes, modifiedMs }) => ({ path, bytes, modifiedMs }));
  const name = `${slug(plan.title)}-samples-${sha256Of(canonicalJson({ files, wish })).slice(0, 8)}`;
  const folder = join(config.work, 'samples', name);
  if (await stat(folder).catch(ignoreMissing)) return folder;
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: 0o700 });
  for (const episode of plan.episodes) {
    await patiently(context, `Cutting samples of ${episode.stem}`, () =>
      cutEpisode(plan, episode, wish, { ffmpeg: tools.ffmpeg, folder: part, signal: context.signal }),
    );
  }
  await rename(part, folder);
  return folder;
}

async function cutEpisode(
  { folder: season }: SeasonPlan,
  { path, number, stem, source }: EpisodePlan,
  wish: SampleWish,
  { ffmpeg, folder, signal }: { readonly ffmpeg: string; readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  for (const [index, at] of sampleTimes(source.durationSeconds, wish).entries()) {
    const name = `${String(number).padStart(2, '0')} ${stem} (sample ${index + 1}).mkv`;
    // Whole groups of pictures: a copy begins at the key frame before the time that was asked for.
    const cut = ['-ss', at.toFixed(3), ...sourceInput(join(season, path)), '-t', String(wish.seconds)];
    const copy = ['-map', '0:v', '-map', '0:a?', '-map', '0:s?', '-map_chapters', '-1', '-c', 'copy', '-f', 'matroska'];
    await run([...ffmpegHead({ ffmpeg }), ...cut, ...copy, fileUrl(join(folder, name))], { signal });
  }
}
