/** `taaf retry`: of a season that runs, or of one that has ended and is started again for what it lacks. */
import { loadConfig } from '../../config/load.js';
import { taafPaths } from '../../config/paths.js';
import { alarmKinds, type RefusableKind } from '../../domain/proof.js';
import type { ExitCode } from '../command.js';
import { inNewBucket } from '../cloud/season.js';
import type { Context } from '../context.js';
import { withSession } from '../session.js';
import { startSeason } from '../starting.js';

interface Values {
  readonly episode: string;
  readonly accept: readonly RefusableKind[] | undefined;
}

export async function retry({ episode: name, accept = [] }: Values, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const { season, episode } = session.episode(name);
    const client = session.client();
    const { record, plan } = session.remembered(season.id);
    if (await client.isOpen(season.id)) {
      await client.retry(season.id, episode.id, accept);
    } else {
      const { env, cwd } = context;
      const { aws, pools } = record;
      const { config } = await loadConfig({ paths: taafPaths(env), env, cwd, season: record.folder });
      await startSeason(plan, { ...config, work: record.work }, context, {
        registry: session.registry,
        client,
        agents: record.agents,
        accept: { episode: episode.id, kinds: accept },
        ...(aws && pools ? { cloud: { aws: inNewBucket(aws), pools } } : {}),
      });
    }
    context.result(
      { season: season.id, episode: episode.id, state: 'retrying', accept },
      () => `${episode.stem} is tried again; only what is missing is done.${acceptedText(accept)}`,
    );
    return 0;
  });
}

const acceptedText = (kinds: readonly RefusableKind[]): string =>
  kinds.map((kind) => ` A picture that ${alarmKinds[kind]} is delivered from now on, with an alarm.`).join('');
