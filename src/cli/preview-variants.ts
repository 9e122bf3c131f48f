/** The ways in which a season may be upscaled that a preview compares: its plan, once for each profile. */
import { Failure } from '../domain/failures.js';
import type { Profile } from '../domain/profile.js';
import type { EpisodePlan, SeasonPlan } from '../domain/season.js';
import { withProfile } from '../intake/estimate.js';
import { parseSelection, selects } from '../intake/selection.js';
import type { Context } from './context.js';
import { planned, type Planned } from './planning.js';
import { profileNamed } from './profile-source.js';
import { provide } from './provisions.js';

export interface PreviewValues {
  readonly folder: string;
  readonly profile: readonly string[] | undefined;
  readonly episodes: string | undefined;
  readonly samples: number | undefined;
  readonly to: string | undefined;
}

/** A profile and the whole season with it. */
export interface Variant {
  readonly name: string;
  readonly plan: SeasonPlan;
}

/** What stands beside the profile that a plan would choose. */
const QUICK = 'dvd-4k-fast';

/**
 * Plans the folder and everything that the profiles need.
 * @throws Failure `usage` when there is nothing to look at, or no such profile
 */
export async function variantsOf(
  { folder, profile }: PreviewValues,
  context: Context,
): Promise<{ readonly planned: Planned; readonly variants: readonly Variant[] }> {
  if (profile?.length === 0) throw new Failure('usage', '--profile names no profile');
  // A wrong name is told before the long look at every frame.
  const named = await Promise.all((profile ?? []).map((name) => profileNamed(name, context)));
  const values = { folder, profile: profile?.[0], out: undefined, episodes: undefined, fleet: undefined };
  const found = await planned(values, context, (profiles, paths) => provide(profiles, paths, context));
  const { plan, paths } = found;
  if (named.length > 0) {
    await provide(named, paths, context);
    return { planned: found, variants: named.map((one) => variantOf(plan, one)) };
  }
  const chosen = { name: plan.episodes[0]?.profile.name ?? QUICK, plan };
  const quick = chosen.name === QUICK ? [] : [variantOf(plan, await profileNamed(QUICK, context))];
  return { planned: found, variants: [chosen, ...quick] };
}

const variantOf = (plan: SeasonPlan, profile: Profile): Variant => ({
  name: profile.name,
  plan: { ...plan, episodes: withProfile(plan.episodes, profile) },
});

/** The longest of the episodes that are asked for. @throws Failure `usage` where there is none */
export function chooseEpisode({ episodes }: SeasonPlan, asked: string | undefined): EpisodePlan {
  const selection = asked === undefined ? undefined : parseSelection(asked);
  const length = ({ source }: EpisodePlan): number => source.durationSeconds;
  const [longest] = episodes
    .filter(({ number }) => selection === undefined || selects(selection, number))
    .sort((a, b) => length(b) - length(a) || a.number - b.number);
  if (longest) return longest;
  throw new Failure('usage', `There is no episode ${asked ?? ''}`, {
    next: 'See the numbers with: taaf plan <folder>',
  });
}
