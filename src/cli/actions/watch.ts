/** `taaf watch`, `taaf submit --watch`, `taaf status`: how far a season is. */
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { follow } from '../live.js';
import { patiently } from '../patience.js';
import { withSession } from '../session.js';
import { waitsForHuman, type SeasonStatus } from '../season-status.js';
import { seasonWarnings } from '../views/proof.js';
import { seasonView } from '../views/season.js';

export async function status({ season }: { readonly season: string | undefined }, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const { id } = session.season(season);
    const now = await patiently(context, `Asking how far ${id} is`, () => session.status(id));
    const more = { warnings: seasonWarnings(now), uiAddress: session.temporal?.place.uiAddress };
    context.result({ ...now, ...more }, (look) => seasonView(now, look));
    return 0;
  });
}

export async function watch({ season }: { readonly season: string | undefined }, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const { id } = session.season(season);
    return watching(context, () => session.status(id));
  });
}

/** Ends with the season, or with Ctrl-C, which stops nothing but the watching. */
export async function watching(context: Context, look: () => Promise<SeasonStatus>): Promise<ExitCode> {
  const last = await follow(context, look);
  if (!context.signal.aborted) return exitCodeOf(last);
  context.emit({ kind: 'note', text: 'Rendering continues in the background; `taaf cancel` stops it.' });
  return 0;
}

function exitCodeOf(status: SeasonStatus): ExitCode {
  if (waitsForHuman(status)) return 3;
  return status.state === 'cancelled' || status.episodes.some(({ phase }) => phase === 'failed') ? 1 : 0;
}
