/** `taaf pause` and `taaf resume`. */
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { withSession } from '../session.js';

interface Values {
  readonly season: string | undefined;
}

export async function pause({ season }: Values, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const { id } = session.season(season);
    await session.client().pause(id);
    context.result(
      { season: id, state: 'paused' },
      () => `${id} is paused: running segments are finished. Go on with: taaf resume ${id}`,
    );
    return 0;
  });
}

export async function resume({ season }: Values, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const { id } = session.season(season);
    await session.client().resume(id);
    context.result({ season: id, state: 'running' }, () => `${id} goes on.`);
    return 0;
  });
}
