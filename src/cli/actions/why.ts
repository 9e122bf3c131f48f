/** `taaf why`: what is the matter with an episode. */
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { episodeOf } from '../season-snapshot.js';
import { withSession } from '../session.js';
import { whyView } from '../views/why.js';

export async function why({ episode }: { readonly episode: string }, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const found = session.episode(episode);
    const status = episodeOf(await session.status(found.season.id), found.episode.id);
    context.result(status, (look) => whyView(status, look));
    return 0;
  });
}
