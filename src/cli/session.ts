/** What every command on existing seasons begins with: the records, the connection if there is one, and names resolved. */
import { taafPaths } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import type { SeasonId } from '../domain/ids.js';
import { seasonRegistry, type SeasonRegistry } from '../seasons/registry.js';
import { connect, type Temporal } from './client.js';
import type { ExitCode } from './command.js';
import type { Context } from './context.js';
import { episodeNamed, seasonNamed, type FoundEpisode, type NamedSeason } from './names.js';
import { patiently } from './patience.js';
import { seasonClient, type SeasonClient } from './season-client.js';
import { snapshot, type Remembered } from './season-snapshot.js';
import type { SeasonStatus } from './season-status.js';

export interface Session {
  readonly registry: SeasonRegistry;
  readonly seasons: readonly NamedSeason[];
  /** Absent where Temporal does not answer. */
  readonly temporal: Temporal | undefined;
  /** @throws Failure `temporal-unreachable` */
  client(): SeasonClient;
  season(name: string | undefined): NamedSeason;
  episode(name: string): FoundEpisode;
  remembered(season: SeasonId): Remembered;
  status(season: SeasonId): Promise<SeasonStatus>;
}

/** Opens a session, acts, closes the connection. Without Temporal the records speak alone, and a warning says so. */
export async function withSession(context: Context, act: (session: Session) => Promise<ExitCode>): Promise<ExitCode> {
  const registry = seasonRegistry(taafPaths(context.env).data);
  const remembered = await readAll(registry);
  const { temporal, failure } = await patiently(context, 'Asking Temporal', () => tryConnect(context));
  try {
    const client = temporal && seasonClient(temporal);
    if (failure && remembered.length > 0)
      context.emit({ kind: 'warning', text: `${failure.message}. ${failure.next}` });
    const seasons = await Promise.all(remembered.map((one) => named(one, client)));
    const memory = new Map(remembered.map((one) => [one.record.season, one]));
    const rememberedOf = (season: SeasonId): Remembered => {
      const found = memory.get(season);
      if (found === undefined) throw new Failure('bug', `there is no record of the season ${season}`);
      return found;
    };
    return await act({
      registry,
      seasons,
      temporal,
      client: () => {
        if (client === undefined) throw failure ?? new Failure('temporal-unreachable', 'Temporal does not run');
        return client;
      },
      season: (name) => seasonNamed(name, seasons, context.cwd),
      episode: (name) => episodeNamed(name, seasons, context.cwd),
      remembered: rememberedOf,
      status: (season) => snapshot(client, rememberedOf(season)),
    });
  } finally {
    await temporal?.close();
  }
}

async function tryConnect({ env }: Context): Promise<{ readonly temporal?: Temporal; readonly failure?: Failure }> {
  try {
    return { temporal: await connect(env) };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'temporal-unreachable') return { failure: error };
    throw error;
  }
}

/** Newest first; a record without its plan was never submitted. */
async function readAll(registry: SeasonRegistry): Promise<readonly Remembered[]> {
  const records = await registry.list();
  const all = await Promise.all(
    records.map(async (record) => {
      const plan = await registry.plan(record.season);
      return plan && { record, plan, deliveries: await registry.deliveries(record.season) };
    }),
  );
  return all
    .filter((one): one is Exclude<typeof one, undefined> => one !== undefined)
    .sort((a, b) => b.record.submittedAt - a.record.submittedAt);
}

/** A season is open while its workflow is; where Temporal cannot tell, while a result is missing. */
async function named({ record, plan, deliveries }: Remembered, client: SeasonClient | undefined): Promise<NamedSeason> {
  const complete = deliveries.length >= plan.episodes.length;
  const { season, title, folder } = record;
  const open = !complete && (client === undefined || (await client.isOpen(season)));
  return { id: season, title, folder, open, episodes: plan.episodes };
}
