/** Hands a plan over to Temporal: records first, then the workflow, once however often it is submitted. */
import { join } from 'node:path';
import type { Config } from '../config/load.js';
import { canonicalJson, sha256Of } from '../disk/hash.js';
import { timeScaleOf } from '../domain/durations.js';
import { Failure } from '../domain/failures.js';
import type { SeasonPlan } from '../domain/season.js';
import { waitForLock } from '../process/lock.js';
import type { SamplesOf, SeasonRecord, SeasonRegistry } from '../seasons/registry.js';
import type { Context } from './context.js';
import type { SeasonClient } from './season-client.js';
import { seasonInput, type StartOptions } from './season-input.js';

/** Two submits of one folder at once come one after the other. */
const PATIENCE_MS = 60_000;

export interface StartWith {
  readonly registry: SeasonRegistry;
  readonly client: SeasonClient;
  /** Agents of this computer at once. */
  readonly agents: number;
  /** One episode first, and the rest after a yes. */
  readonly pilot?: boolean;
  /** This season is samples of another. */
  readonly samplesOf?: SamplesOf;
  /** What a human accepts of the pictures of one episode. */
  readonly accept?: StartOptions['accept'];
  /** Of a season on AWS. */
  readonly cloud?: Required<Pick<SeasonRecord, 'aws' | 'pools'>>;
}

/** A season that runs already keeps its plan, and takes a new width; what else is different now counts for the next run. */
export async function startSeason(
  plan: SeasonPlan,
  config: Config,
  context: Context,
  { registry, client, agents, pilot = false, samplesOf, accept, cloud }: StartWith,
): Promise<'started' | 'already running'> {
  const lock = await waitForLock(join(registry.folder(plan.season), 'submit.lock'), {
    atMost: PATIENCE_MS,
    signal: context.signal,
  });
  if (!lock) throw new Failure('cancelled', `Another submit of ${plan.title} is at work`, { next: 'See: taaf status' });
  try {
    if (await client.isOpen(plan.season)) {
      if (config.width !== undefined) await client.setWidth(plan.season, config.width);
      return 'already running';
    }
    const planHash = await keepPlan(plan, config, registry, {
      agents,
      ...(samplesOf === undefined ? {} : { samplesOf }),
      ...cloud,
    });
    const pools = cloud?.pools ?? [{ name: 'local', limit: agents, units: 1 }];
    const timeScale = timeScaleOf(context.env);
    const options = { planHash, pools, width: config.width, pilot, timeScale, ...(accept ? { accept } : {}) };
    return await client.start(seasonInput(plan, options));
  } finally {
    lock.release();
  }
}

/** @returns the plan's hash: what workflows name it by */
async function keepPlan(
  plan: SeasonPlan,
  { work }: Config,
  registry: SeasonRegistry,
  more: Pick<SeasonRecord, 'agents' | 'samplesOf' | 'aws' | 'pools'>,
): Promise<string> {
  const planHash = sha256Of(canonicalJson(plan));
  const { season, title, folder, out } = plan;
  await registry.save({ season, title, folder, out, work, planHash, ...more, submittedAt: Date.now() }, plan);
  return planHash;
}
