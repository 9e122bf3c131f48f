/** `taaf submit`: plan, measure, ask if need be, start, and say when the terminal may be closed. */
import { calibrate } from '../../intake/calibrate.js';
import { readCalibrations, updateCalibrations } from '../../intake/calibration-file.js';
import { needsYes, unsureCadences } from '../../intake/decision.js';
import { diskOf } from '../../intake/disk-space.js';
import { rateKey } from '../../intake/rates.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { patiently } from '../patience.js';
import { calibrationFile, planned, reportOf, type Planned, type PlanValues } from '../planning.js';
import { provide } from '../provisions.js';
import { sampler } from '../sample.js';
import { planView, type PlanReport } from '../views/plan.js';
import { launch } from './launch.js';
import { plan as showPlan } from './plan.js';

export interface SubmitValues extends PlanValues {
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
  return launch(found, values.watch, context);
}

/** Some frames of one episode of every kind that costs differently, on the engine that will do the work. */
async function measure({ plan, tools, paths, machine }: Planned, context: Context): Promise<void> {
  const kinds = new Map(
    plan.episodes.map((episode) => [`${rateKey('engine', episode)}; ${rateKey('encode', episode)}`, episode]),
  );
  const render = await sampler({ plan, tools, paths, signal: context.signal });
  for (const episode of kinds.values()) {
    const { calibrations } = await readCalibrations(calibrationFile(paths));
    const measured = await patiently(context, `Measuring some frames of ${episode.stem}`, () =>
      calibrate(episode, machine, calibrations, render),
    );
    await updateCalibrations(calibrationFile(paths), () => measured);
  }
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
