/** Readers of what people type: each turns a text into a value or says what it wanted. */
import { Failure } from '../domain/failures.js';
import type { Completes, Flag, Option, Positional } from './command.js';
import { didYouMean } from './suggest.js';

const asText = (text: string): string => text;

export function positional(describe: string, completes: readonly Completes[] = []): Positional<string, true> {
  return { kind: 'positional', describe, required: true, read: asText, completes };
}

export function optional(describe: string, completes: readonly Completes[] = []): Positional<string, false> {
  return { kind: 'positional', describe, required: false, read: asText, completes };
}

/** A positional word out of a few. */
export function action<const T extends string>(describe: string, words: readonly T[]): Positional<T, false> {
  return { kind: 'positional', describe, required: false, read: choiceOf(words), choices: words };
}

export const flag = (describe: string, alias?: string): Flag => ({
  kind: 'flag',
  describe,
  ...(alias === undefined ? {} : { alias }),
});

export const option = (describe: string, completes: readonly Completes[] = []): Option<string> => ({
  kind: 'option',
  describe,
  read: asText,
  completes,
});

/** Several values: with commas between them, by giving the option again, or both. */
export const list = (describe: string, completes: readonly Completes[] = []): Option<readonly string[]> => ({
  kind: 'option',
  many: true,
  describe,
  read: (text) => [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== ''),
  completes,
});

export const oneOf = <const T extends string>(describe: string, words: readonly T[]): Option<T> => ({
  kind: 'option',
  describe,
  read: choiceOf(words),
  choices: words,
});

/** Several words out of a few, given as those of a list. */
export const someOf = <const T extends string>(describe: string, words: readonly T[]): Option<readonly T[]> => {
  const { read, ...several } = list(describe);
  return { ...several, read: (text) => read(text).map(choiceOf(words)), choices: words };
};

export const wholeNumber = (describe: string, least: number, most: number): Option<number> => ({
  kind: 'option',
  describe,
  read: (text) => {
    const n = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(n >= least && n <= most)) throw new Failure('usage', `"${text}" is no whole number from ${least} to ${most}`);
    return n;
  },
});

function choiceOf<T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    throw new Failure('usage', `"${text}" is none of ${words.join(', ')}`, { next: didYouMean(text, words) });
  };
}
