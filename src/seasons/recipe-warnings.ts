/** What a plan changes about results that lie there already: which would be made again, and which would not look like their neighbours. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { ingredientsOf, type Ingredients, type RecipeLock } from '../domain/recipe-lock.js';
import type { EpisodePlan, SeasonPlan } from '../domain/season.js';

/** An episode, how it is planned, and how its result that lies there was made. */
interface Planned {
  readonly episode: EpisodePlan;
  readonly next: Ingredients;
  readonly last: RecipeLock | undefined;
}

/** @param locks of the results that lie in the output folder */
export function recipeWarnings(plan: SeasonPlan, locks: readonly RecipeLock[]): string[] {
  const planned = plan.episodes.map((episode): Planned => {
    const last = locks.find(({ output }) => output === episode.output);
    return { episode, next: ingredientsOf(plan, episode), last };
  });
  return [...againLines(planned), ...neighbourLines(planned, locks)];
}

/** A result whose source has changed too is not told here: sources are hashed only when they are handed over. */
function againLines(planned: readonly Planned[]): string[] {
  const again = planned.flatMap(({ episode, next, last }) =>
    last && !isSame(next, last) ? [{ episode, why: reasons(next, last) }] : [],
  );
  return [...byText(again, ({ why }) => why)].map(([why, found]) => {
    const names = named(found.map(({ episode }) => episode));
    return `${names} would be made again: ${why}. What lies there is kept in .taaf/replaced`;
  });
}

const isSame = (next: Ingredients, { profile, cadence, target, tools }: Ingredients): boolean =>
  isDeepStrictEqual(plain(next), plain({ profile, cadence, target, tools }));

/** As it is read from a file: without what is undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function reasons(next: Ingredients, last: Ingredients): string {
  const differences = differencesOf(next, last);
  const cadence = isDeepStrictEqual(plain(next.cadence), plain(last.cadence)) ? [] : ['another cadence'];
  const all = [...differences, ...cadence];
  return all.length === 0 ? 'another name or description of the profile' : all.join(', ');
}

/** Compared with what most of the others look like that stay as they are; a cadence is everybody's own. */
function neighbourLines(planned: readonly Planned[], locks: readonly RecipeLock[]): string[] {
  const changing = planned.filter(({ next, last }) => !last || differencesOf(next, last).length > 0);
  const outputs = new Set(changing.map(({ episode }) => episode.output));
  const looks = byText(
    locks.filter(({ output }) => !outputs.has(output)),
    (lock) => JSON.stringify([...lookOf(lock)]),
  );
  const [usual] = [...looks.values()].sort((a, b) => b.length - a.length);
  const [neighbour] = usual ?? [];
  if (!usual || !neighbour) return [];
  const strange = changing
    .map(({ episode, next }) => ({ episode, why: differencesOf(next, neighbour).join(', ') }))
    .filter(({ why }) => why !== '');
  return [...byText(strange, ({ why }) => why)].map(([why, found]) => {
    const others = usual.length === 1 ? 'the result that lies' : `${usual.length} results that lie`;
    return `${named(found.map(({ episode }) => episode))} would differ from ${others} there: ${why}`;
  });
}

/** What the look of a result depends on beside its source, by name. */
function lookOf({ profile, target, tools }: Ingredients): ReadonlyMap<string, string> {
  const { restore, upscale, encode } = profile;
  const steps = Object.entries({ restore, upscale, encode }).flatMap(([step, values]) =>
    Object.entries(values).map(([key, value]): [string, string] => [`${step}.${key}`, shown(value)]),
  );
  const versions = Object.entries(tools).map(([name, version]): [string, string] => [name, shown(version)]);
  const look: [string, string][] = [...steps, ['size', `${target.width}×${target.height}`], ...versions];
  return new Map(look.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Hashes are known by their beginnings. */
const shown = (value: unknown): string =>
  typeof value !== 'string' ? JSON.stringify(value) : /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 12)}…` : value;

/** As `encode.quality 30 instead of 20`. */
function differencesOf(next: Ingredients, last: Ingredients): string[] {
  const [now, then] = [lookOf(next), lookOf(last)];
  const names = [...new Set([...now.keys(), ...then.keys()])].filter((name) => now.get(name) !== then.get(name));
  return names.map((name) => `${name} ${now.get(name) ?? 'nothing'} instead of ${then.get(name) ?? 'nothing'}`);
}

function byText<T>(values: readonly T[], textOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(textOf(value), [...(groups.get(textOf(value)) ?? []), value]);
  return groups;
}

function named([first, ...more]: readonly EpisodePlan[]): string {
  const { stem } = first ?? { stem: '' };
  return more.length === 0 ? stem : `${stem} and ${more.length} more`;
}
