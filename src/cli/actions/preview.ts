/** `taaf preview`: a few moments of an episode through one or more profiles, and what each would cost the season. */
import { join, resolve } from 'node:path';
import { packageRoot } from '../../config/package-root.js';
import { secondsOf } from '../../domain/media.js';
import type { EpisodePlan } from '../../domain/season.js';
import { estimateSeason } from '../../intake/estimate.js';
import { firstFrameTicks } from '../../media/first-frame.js';
import { chooseMoments, placesOf, type Moment } from '../../report/moments.js';
import { pageOf, readPageAssets } from '../../report/page.js';
import { previewBody } from '../../report/preview-page.js';
import { sourceTaken } from '../../report/shown.js';
import { survey } from '../../report/stills.js';
import { checkPagePlace, writePage } from '../../report/write.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { measure } from '../measuring.js';
import { withEpisodeFile } from '../episode-file.js';
import { patiently } from '../patience.js';
import { basisOf, type Planned } from '../planning.js';
import { momentRenderer, type Rendered } from '../preview-stills.js';
import { chooseEpisode, variantsOf, type PreviewValues, type Variant } from '../preview-variants.js';
import { jobOf } from '../sample-job.js';
import { stoppable } from '../stopped.js';
import { clock, count } from '../views/figures.js';
import { previewFacts, previewPage, type VariantResult } from '../views/preview.js';

export const preview = (values: PreviewValues, context: Context): Promise<ExitCode> =>
  stoppable('The preview', () => made(values, context));

async function made(values: PreviewValues, context: Context): Promise<ExitCode> {
  const to = values.to === undefined ? undefined : resolve(context.cwd, values.to);
  if (to !== undefined) await checkPagePlace(to);
  const { planned, variants } = await variantsOf(values, context);
  const { plan } = planned;
  const path = to ?? join(plan.out, 'preview.html');
  await checkPagePlace(path);
  const episode = chooseEpisode(plan, values.episodes);
  const page = await withEpisodeFile(episode, { ...planned, signal: context.signal }, async (file) => {
    const found = await findMoments({ planned, episode, file }, values.samples ?? SAMPLES, context);
    const results: VariantResult[] = [];
    for (const variant of variants) results.push(await tried(variant, { planned, episode, file, ...found }, context));
    return { title: plan.title, episode, ...found, results, at: Date.now() };
  });
  const assets = await readPageAssets(join(packageRoot(), 'assets'));
  await writePage(path, pageOf(`${plan.title}: preview`, previewBody(previewPage(page)), assets));
  context.result({ path, ...previewFacts(page) }, () => `Preview: ${path}`);
  return 0;
}

const SAMPLES = 3;
/** Places of an episode that are measured. */
const PLACES = 32;

interface Looked {
  readonly planned: Planned;
  readonly episode: EpisodePlan;
  /** That its frames are read from. */
  readonly file: string;
}

interface Found {
  /** Seconds from the source's first frame. */
  readonly moments: readonly Moment[];
  /** The source's time of its first frame, in seconds. */
  readonly start: number;
}

async function findMoments(
  { planned: { plan, tools }, episode, file: source }: Looked,
  samples: number,
  context: Context,
): Promise<Found> {
  const { signal } = context;
  return patiently(context, `Looking for moments in ${episode.stem}`, async () => {
    const start = secondsOf(await firstFrameTicks(tools, { job: jobOf(plan, episode), source, signal }, 'source'));
    const { picture, durationSeconds } = episode.source;
    const seconds = placesOf(picture.durationSeconds ?? durationSeconds, PLACES);
    const places = await survey(tools, seconds, (at) => sourceTaken(source, episode.source, start + at), signal);
    return { start, moments: chooseMoments(places, samples) };
  });
}

interface Trial extends Looked, Found {}

/** Measures a profile as `submit` does, then renders every moment with it. */
async function tried(
  { name, plan }: Variant,
  { planned, episode, file, moments, start }: Trial,
  context: Context,
): Promise<VariantResult> {
  const { tools, paths } = planned;
  await measure({ ...planned, plan }, context);
  const estimate = estimateSeason(plan.episodes, await basisOf(planned, context));
  const own = plan.episodes.find(({ id }) => id === episode.id) ?? episode;
  const secondsPerFrame =
    estimate.seconds / plan.episodes.reduce((sum, { estimatedFrames }) => sum + estimatedFrames, 0);
  const frames = framesWithin(secondsPerFrame);
  const render = await momentRenderer({ plan, tools, paths, signal: context.signal });
  const rendered: Rendered[] = [];
  for (const moment of moments) {
    const nth = `${rendered.length + 1} of ${moments.length}`;
    context.emit({
      kind: 'step',
      text: `Rendering ${count(frames, 'frame')} at ${clock(moment.seconds)} with ${name} (${nth})`,
    });
    rendered.push(await render({ episode: own, file, seconds: moment.seconds, start, frames }));
  }
  return { profile: own.profile, target: own.target, estimate, secondsPerFrame, rendered };
}

/** Seconds that a sample may take, and the most frames of it: more of them show nothing else. */
const SAMPLE_SECONDS = 6;
const MOST = 12;

const framesWithin = (secondsPerFrame: number): number =>
  Math.max(1, Math.min(MOST, Math.floor(SAMPLE_SECONDS / secondsPerFrame)));
