/** Waits for a condition, never for a time; the limit only ends what hangs. */
import { setTimeout as pause } from 'node:timers/promises';

export async function until(
  condition: () => boolean | Promise<boolean>,
  what = condition.toString(),
  limitMs = 100_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited too long for: ${what}`);
    await pause(30);
  }
}
