/** `taaf submit`: plan, measure, ask if need be, start, and say when the terminal may be closed. */
import { needsYes, unsureCadences } from '../../intake/decision.js';
import { diskOf } from '../../intake/disk-space.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { measure } from '../measuring.js';
import { planned, reportOf, type Planned, type PlanValues } from '../planning.js';
import { provide } from '../provisions.js';
import { planView, type PlanReport } from '../views/plan.js';
import { launch } from './launch.js';
import { plan as showPlan } from './plan.js';

export interface SubmitValues extends PlanValues {
  readonly pilot: boolean;
  readonly dryRun: boolean;
  readonly watch: boolean;
  readonly yes: boolean;
}

export async function submit(values: SubmitValues, context: Context): Promise<ExitCode> {
  if (values.dryRun) return showPlan(values, context);
  const found = await planned(values, context, (profiles, paths) => provide(profiles, paths, context));
  await measure(found, context);
  const report = await reportOf(found, context);
  context.tell((look) => planView(report, look));
  const answer = values.yes || (await agreed(found, report, context));
  if (answer !== true) return answer === undefined ? 3 : 0;
  return launch(found, values, context);
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
