/** The second half of `taaf submit`: server and worker up, the season handed over, and when the terminal may be closed. */
import { configuredPlace, type TemporalPlace } from '../../connection/place.js';
import { seasonWorkflowId } from '../../domain/ids.js';
import { localAgents } from '../../fleet/local/agents.js';
import { pause } from '../../process/pause.js';
import { seasonRegistry } from '../../seasons/registry.js';
import { connect } from '../client.js';
import { awsSeason } from '../cloud/season.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import type { Planned } from '../planning.js';
import { seasonClient } from '../season-client.js';
import { withSession } from '../session.js';
import { isSettled, type SeasonStatus } from '../season-status.js';
import { startSeason, type StartWith } from '../starting.js';
import { bringUp } from './up.js';
import { watching } from './watch.js';

const LOOK_EVERY_MS = 1_000;

export interface LaunchOptions extends Pick<StartWith, 'pilot' | 'samplesOf'> {
  readonly watch: boolean;
}

export async function launch(planned: Planned, { watch, ...how }: LaunchOptions, context: Context): Promise<ExitCode> {
  const { season } = planned.plan;
  if (configuredPlace(context.env) === undefined) await bringUp(context);
  const state = await handOver(planned, how, context);
  context.emit({ kind: 'note', text: `${season} ${state === 'started' ? 'has started' : 'is running already'}.` });
  return withSession(context, async (session) => {
    const look = (): Promise<SeasonStatus> => session.status(season);
    if (watch) return watching(context, look);
    const last = await sourcesTaken(context, look);
    const place = session.temporal?.place;
    context.result(factsOf(state, last, place), () => closing(last, place));
    return 0;
  });
}

async function handOver(
  { plan, config, paths, machine, cloud }: Planned,
  how: Omit<LaunchOptions, 'watch'>,
  context: Context,
): Promise<'started' | 'already running'> {
  const leased = cloud && { aws: await awsSeason(cloud, context), pools: cloud.pools };
  const temporal = await connect(context.env);
  try {
    const client = seasonClient(temporal);
    return await startSeason(plan, config, context, {
      registry: seasonRegistry(paths.data),
      client,
      ...how,
      ...(leased ? { cloud: leased } : {}),
      agents: config.local.agents === 'auto' ? localAgents(machine.gpu === undefined ? 0 : 1) : config.local.agents,
    });
  } finally {
    await temporal.close();
  }
}

/** Looks without news after which a season is believed to wait for its turn. */
const QUIET_LOOKS = 10;

/** Waits until the work goes on by itself; Ctrl-C leaves at once, and nothing stops. */
async function sourcesTaken(context: Context, look: () => Promise<SeasonStatus>): Promise<SeasonStatus> {
  context.emit({ kind: 'note', text: 'Handing over the sources. Ctrl-C leaves; the work goes on in the background.' });
  for (let quiet = 0; ;) {
    const status = await look();
    const isBusy =
      status.episodes.some(({ phase }) => phase === 'uploading') ||
      status.machines.some(({ step }) => step !== 'waiting');
    quiet = isBusy ? 0 : quiet + 1;
    if (status.safeToClose || isSettled(status) || quiet === QUIET_LOOKS || context.signal.aborted) return status;
    await pause(LOOK_EVERY_MS, context.signal);
  }
}

const factsOf = (state: string, { season, safeToClose, out }: SeasonStatus, place: TemporalPlace | undefined) => ({
  season,
  state,
  safeToClose,
  out,
  workflowId: seasonWorkflowId(season),
  uiAddress: place?.uiAddress,
});

function closing(status: SeasonStatus, place: TemporalPlace | undefined): string {
  return [
    status.safeToClose
      ? 'Safe to close this terminal: rendering goes on in the background, also after sleep.'
      : 'It waits for its turn or for the worker; the background goes on by itself while this computer is on.',
    'See how far it is: taaf watch',
    `Results will be in: ${status.out}`,
    ...(place?.uiAddress === undefined ? [] : [`Temporal’s Web UI: ${place.uiAddress}`]),
  ].join('\n');
}
