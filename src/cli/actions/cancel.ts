/** `taaf cancel`: a season or one episode. What is finished stays. */
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { seasonOrEpisodeNamed } from '../names.js';
import { withSession } from '../session.js';

interface Values {
  readonly what: string | undefined;
  readonly discard: boolean;
}

export async function cancel({ what, discard }: Values, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const target =
      what === undefined ? session.season(undefined) : seasonOrEpisodeNamed(what, session.seasons, context.cwd);
    if ('episode' in target) {
      const { season, episode } = target;
      await session.client().cancelEpisode(season.id, episode.id);
      context.result(
        { season: season.id, episode: episode.id, state: 'cancelling' },
        () => `${episode.stem} is being cancelled.`,
      );
      return 0;
    }
    // Nothing of it runs any more: it ends as it is, and what is delivered stays.
    if ((await session.status(target.id)).state === 'attention') {
      await session.client().giveUp(target.id);
      context.result(
        { season: target.id, state: 'closing' },
        () => `${target.id} ends as it is; what failed stays undone.`,
      );
      return 0;
    }
    await session.client().cancel(target.id, discard);
    const kept = discard ? 'what is not delivered is thrown away' : 'what is finished is brought home first';
    context.result({ season: target.id, state: 'cancelling' }, () => `${target.id} is being cancelled; ${kept}.`);
    return 0;
  });
}
