/** `taaf approve`: the pilot is good, the rest may be paid for. */
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { withSession } from '../session.js';

export async function approve(
  { season }: { readonly season: string | undefined },
  context: Context,
): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const { id } = session.season(season);
    await session.client().approve(id);
    context.result({ season: id, state: 'running' }, () => `${id} goes on with all its episodes.`);
    return 0;
  });
}
