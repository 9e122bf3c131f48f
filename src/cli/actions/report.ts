/** `taaf report`: a page about a season, finished or in the making. */
import { join, resolve } from 'node:path';
import { packageRoot } from '../../config/package-root.js';
import { taafPaths } from '../../config/paths.js';
import { Failure } from '../../domain/failures.js';
import type { Tools } from '../../domain/tools.js';
import { pageOf, readPageAssets } from '../../report/page.js';
import { seasonBody } from '../../report/season-page.js';
import { checkPagePlace, writePage } from '../../report/write.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { patiently } from '../patience.js';
import type { Remembered } from '../season-snapshot.js';
import { stillsOf, type MomentStills } from '../season-stills.js';
import { withSession } from '../session.js';
import { stoppable } from '../stopped.js';
import { count } from '../views/figures.js';
import { reportFacts, seasonPage, type EpisodeStills } from '../views/report.js';
import { ready } from './setup.js';

interface Values {
  readonly season: string | undefined;
  readonly to: string | undefined;
}

export const report = (values: Values, context: Context): Promise<ExitCode> =>
  stoppable('The report', () => made(values, context));

async function made({ season, to }: Values, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const { id } = session.season(season);
    const remembered = session.remembered(id);
    const path = to === undefined ? join(remembered.record.out, 'report.html') : resolve(context.cwd, to);
    await checkPagePlace(path);
    const status = await patiently(context, `Asking how far ${id} is`, () => session.status(id));
    const stills = await allStills(remembered, await ready(context), context);
    const page = { remembered, status, stills, at: Date.now() };
    const assets = await readPageAssets(join(packageRoot(), 'assets'));
    await writePage(path, pageOf(status.title, seasonBody(seasonPage(page)), assets));
    context.result({ path, ...reportFacts(page) }, () => `Report: ${path}`);
    return 0;
  });
}

/** Up to so many episodes have three large stills each; more of them share the page's size. */
const FEW_EPISODES = 10;
const large = { moments: 3, columns: 1280 };
const small = { moments: 2, columns: 960 };

async function allStills(
  { plan, deliveries }: Remembered,
  tools: Tools,
  context: Context,
): Promise<ReadonlyMap<string, EpisodeStills>> {
  const sizes = deliveries.length <= FEW_EPISODES ? large : small;
  const all = new Map<string, EpisodeStills>();
  const sampling = { plan, tools, paths: taafPaths(context.env), signal: context.signal };
  for (const delivery of deliveries) {
    const episode = plan.episodes.find(({ id }) => id === delivery.episode);
    if (episode === undefined) continue;
    const nth = `${all.size + 1} of ${count(deliveries.length, 'episode')}`;
    context.emit({ kind: 'step', text: `Taking stills of ${episode.stem} (${nth})` });
    all.set(episode.id, await orNote(() => stillsOf({ ...sampling, episode, delivery, ...sizes }), context));
  }
  return all;
}

/** A file that is gone or changed costs its stills, not the page. */
async function orNote(take: () => Promise<readonly MomentStills[]>, context: Context): Promise<EpisodeStills> {
  try {
    return { stills: await take() };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'bad-source') throw error;
    context.emit({ kind: 'warning', text: `No stills: ${error.message}` });
    return { stills: [], note: `No stills: ${error.message}` };
  }
}
