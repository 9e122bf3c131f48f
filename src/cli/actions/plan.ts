/** `taaf plan` and `taaf submit --dry-run`: what would be done; nothing is started. */
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { planned, reportOf, type PlanValues } from '../planning.js';
import { planView } from '../views/plan.js';

export async function plan(values: PlanValues, context: Context): Promise<ExitCode> {
  const report = await reportOf(await planned(values, context, () => Promise.resolve()), context);
  context.result(report, (look) => planView(report, look));
  return 0;
}
