/** Templates of the results' names, in the token language of Sonarr: `{show} - S{season:00}E{episode:00}{ - title}`. Pure. */

/** What a template may be filled with. */
export interface NameFacts {
  readonly show: string;
  readonly season: number;
  /** Numbers in rising order; more than one where a file holds several episodes. */
  readonly episodes: readonly number[];
  readonly title: string;
}

/** Separators inside the braces stand only where the token is not empty; `:00` gives the least digits of a number. */
const TOKEN = /\{([- ._([]*)([a-z]+)(?::(0+))?([- ._)\]]*)\}/g;
const WORDS = ['show', 'season', 'episode', 'title'] as const;
const EDGES = /^[- ._]+|[- ._]+$/g;

export const DEFAULT_NAME = '{show} - S{season:00}E{episode:00} - {title}';

/** What is wrong with a template, for people; undefined when it can be filled. */
export function templateFault(template: string): string | undefined {
  const words = [...template.matchAll(TOKEN)].map(([, , word = '']) => word);
  const unknown = words.find((word) => !WORDS.some((known) => known === word));
  if (unknown !== undefined)
    return `{${unknown}} is not known; known are ${WORDS.map((word) => `{${word}}`).join(', ')}`;
  const rest = template.replace(TOKEN, '');
  if (/[{}]/.test(rest)) return 'a brace is left over; a token is written like {season:00}';
  if (rest.includes('/')) return 'must not contain /: results lie in folders like those of their sources';
  return words.includes('episode') ? undefined : 'must contain {episode}: all results would have one name';
}

/** A name without ending; separators at its ends, left by an empty token, go. */
export function filledTemplate(template: string, facts: NameFacts): string {
  const filled = template.replace(
    TOKEN,
    (_, before: string, word: string, zeros: string | undefined, after: string) => {
      const text = textOf(word, facts, zeros?.length ?? 1);
      return text === '' ? '' : before + text + after;
    },
  );
  return filled.replace(EDGES, '');
}

function textOf(word: string, { show, season, episodes, title }: NameFacts, digits: number): string {
  const padded = (number: number): string => String(number).padStart(digits, '0');
  switch (word) {
    case 'show':
      return show;
    case 'season':
      return padded(season);
    case 'episode':
      // `S01E01-E02`, as media servers read it.
      return [...new Set([episodes[0] ?? 0, episodes.at(-1) ?? 0])].map(padded).join('-E');
    default:
      return title;
  }
}
