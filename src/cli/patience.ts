/** Nothing is silent for long: a wait that is felt is announced. */
import type { Context } from './context.js';

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
