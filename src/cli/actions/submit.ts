/** `taaf submit`: plan, measure, ask if need be, start, and say when the terminal may be closed. */
import { join } from 'node:path';
import { Failure } from '../../domain/failures.js';
import { sampleWish } from '../../domain/samples.js';
import { needsYes, unsureCadences } from '../../intake/decision.js';
import { diskOf } from '../../intake/disk-space.js';
import type { SamplesOf } from '../../seasons/registry.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { measure } from '../measuring.js';
import { planned, reportOf, type Planned, type PlanValues } from '../planning.js';
import { provide } from '../provisions.js';
import { cutSamples } from '../samples.js';
import { planView, type PlanReport } from '../views/plan.js';
import { launch } from './launch.js';
import { plan as showPlan } from './plan.js';

export interface SubmitValues extends PlanValues {
  readonly sample: string | undefined;
  readonly pilot: boolean;
  readonly dryRun: boolean;
  readonly watch: boolean;
  readonly yes: boolean;
}

export async function submit(values: SubmitValues, context: Context): Promise<ExitCode> {
  if (values.sample !== undefined) return submitSamples(values, values.sample, context);
  if (values.dryRun) return showPlan(values, context);
  return submitPlan(await planWith(values, context), values, context);
}

const planWith = (values: PlanValues, context: Context): Promise<Planned> =>
  planned(values, context, (profiles, paths) => provide(profiles, paths, context));

async function submitPlan(
  found: Planned,
  { yes, watch, pilot, samplesOf }: SubmitValues & { readonly samplesOf?: SamplesOf },
  context: Context,
): Promise<ExitCode> {
  await measure(found, context);
  const report = await reportOf(found, context);
  context.tell((look) => planView(report, look));
  const answer = yes || (await agreed(found, report, context));
  if (answer !== true) return answer === undefined ? 3 : 0;
  return launch(found, { watch, pilot, ...(samplesOf === undefined ? {} : { samplesOf }) }, context);
}

/** Samples are a season of their own, whose record says what they stand for. */
async function submitSamples(values: SubmitValues, text: string, context: Context): Promise<ExitCode> {
  const wish = sampleWish(text);
  if (!wish)
    throw new Failure('usage', `"${text}" are no samples`, { next: 'Say how many and how long: --sample 3x60s' });
  const { episodes, out, width, fleet, awsProfile, awsRegion } = values;
  const whole = await planWith(values, context);
  const profile = whole.plan.episodes[0]?.profile.name;
  const folder = await cutSamples(whole, wish, context);
  const samplesOf: SamplesOf = {
    folder: whole.plan.folder,
    ...(values.profile === undefined ? {} : { profile: values.profile }),
    ...(out === undefined ? {} : { out }),
    ...(episodes === undefined ? {} : { episodes }),
    ...(width === undefined ? {} : { width }),
    ...(fleet === undefined ? {} : { fleet }),
    ...(awsProfile === undefined ? {} : { awsProfile }),
    ...(awsRegion === undefined ? {} : { awsRegion }),
  };
  const ofSamples = { folder, profile: values.profile ?? profile, episodes: undefined, sample: undefined };
  const sampled = { ...values, ...ofSamples, out: join(whole.plan.out, 'samples') };
  if (values.dryRun) return showPlan(sampled, context);
  return submitPlan(await planWith(sampled, context), { ...sampled, samplesOf }, context);
}

/** `undefined` where a yes is needed and nobody can give it. */
async function agreed(
  { config, plan }: Planned,
  { estimate }: PlanReport,
  context: Context,
): Promise<boolean | undefined> {
  const [work, out] = await Promise.all([diskOf(config.work), diskOf(plan.out)]);
  const reasons = [...needsYes(estimate, { work, out }), ...unsureCadences(plan.episodes)];
  if (reasons.length === 0) return true;
  for (const text of reasons) context.emit({ kind: 'warning', text });
  const answer = await context.confirm('Start all the same?');
  if (answer === undefined)
    context.emit({ kind: 'warning', text: 'Nothing was started: add --yes to start all the same' });
  if (answer === false) context.emit({ kind: 'note', text: 'Nothing was started.' });
  return answer;
}
