/** Nothing is silent for long: a wait that is felt is announced. */
import type { Context } from './context.js';
import { percent } from './views/figures.js';

/** Shorter waits need no word. */
const FELT_MS = 300;

/** Says what is waited for as soon as the wait is felt. */
export async function patiently<T>(context: Context, text: string, act: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => context.emit({ kind: 'step', text: `${text} …` }), FELT_MS);
  try {
    return await act();
  } finally {
    clearTimeout(timer);
  }
}

/** A line about the same thing comes no more often. */
const AGAIN_MS = 4_000;

/** Says how far a long look has come, now and then; short ones go without a word. */
export function telling(
  context: Context,
  text: (file: string, share: string) => string,
): (file: string, done: number, of: number) => void {
  let last = performance.now();
  return (file, done, of) => {
    if (performance.now() - last < AGAIN_MS) return;
    last = performance.now();
    context.emit({ kind: 'step', text: text(file, percent(done, of)) });
  };
}
