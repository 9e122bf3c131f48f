/** `taaf list`: the seasons that this computer submitted. */
import pMap from 'p-map';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { withSession, type Session } from '../session.js';
import { listView, type ListedSeason } from '../views/list.js';

const AT_ONCE = 8;

export async function list(_values: object, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const seasons = await pMap(session.seasons, ({ id }) => listed(session, id), { concurrency: AT_ONCE });
    context.result(seasons, (look) => listView(seasons, look));
    return 0;
  });
}

async function listed(session: Session, id: string): Promise<ListedSeason> {
  const { record, plan, deliveries } = session.remembered(id);
  const { season, title, folder, out, submittedAt } = record;
  const base = { season, title, folder, out, submittedAt, episodes: plan.episodes.length };
  const done = deliveries.length;
  if (done === base.episodes) return { ...base, state: 'done', done };
  if (session.temporal === undefined) return { ...base, state: 'unknown', done };
  const status = await session.status(id);
  return { ...base, state: status.source === 'records' ? 'unknown' : status.state, done };
}
