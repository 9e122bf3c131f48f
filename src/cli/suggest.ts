/** "Did you mean": the nearest of the known words, where it is near enough to be a typo. */
import { closest, distance } from 'fastest-levenshtein';

/** The word that was probably meant. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  const word = closest(text, words);
  return distance(text, word) <= Math.max(1, Math.floor(word.length / 2.5)) ? word : undefined;
}

/** One line of advice: the probable word, else all of them. */
export function didYouMean(text: string, words: readonly string[]): string {
  const word = nearest(text, words);
  return word === undefined ? `Known are: ${words.join(', ')}` : `Did you mean ${word}?`;
}
