/** What people are told when a season ends or needs them. */
import type { Delivery, SeasonPlan } from '../domain/season.js';
import { allWarnings } from '../seasons/warnings.js';
import type { Notice } from '../workflows/activities.js';

/** More of them are for `taaf status` to tell. */
const MOST_WARNINGS = 5;

/** Title and body of a notice; pure. */
export function messageOf(
  notice: Notice,
  plan: SeasonPlan | undefined,
  deliveries: readonly Delivery[],
): { readonly title: string; readonly body: string } {
  const name = plan?.title ?? notice.season;
  const hours = Math.floor(notice.seconds / 3600);
  const minutes = Math.floor((notice.seconds % 3600) / 60);
  const took = hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${notice.seconds % 60} s`;
  const count = `${notice.done} of ${notice.total} episodes are done`;
  const titles: Record<Notice['kind'], string> = {
    finished: `${name} is finished`,
    attention: `${name} needs you`,
    approval: `${name}: the pilot waits for you`,
    cancelled: `${name} was cancelled`,
  };
  const lines = [`${count}${notice.failed > 0 ? `, ${notice.failed} failed` : ''}, after ${took}.`];
  if (plan) lines.push(`Results: ${plan.out}`);
  if (notice.kind === 'approval') lines.push('Look at it, then: taaf approve, or taaf cancel');
  if (notice.kind === 'attention') lines.push(`Next: taaf status ${notice.season}`);
  if (plan && notice.kind !== 'cancelled') lines.push(...warningLines(allWarnings(plan.episodes, deliveries)));
  return { title: titles[notice.kind], body: lines.join('\n') };
}

function warningLines(warnings: readonly string[]): string[] {
  const more = warnings.length - MOST_WARNINGS;
  const shown = warnings.slice(0, MOST_WARNINGS).map((text) => `Warning: ${text}`);
  return more > 0 ? [...shown, `… and ${more} more: taaf status`] : shown;
}
