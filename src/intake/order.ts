/** Natural order of paths: `ep2` before `ep10`, the same on every computer. */

// Never the computer's own locale: ids and numbers would differ from machine to machine.
const collator = new Intl.Collator('en', { numeric: true });

/** Compares two relative paths folder by folder; what the collator holds for equal is ordered by code points. */
export function naturally(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let depth = 0; depth < Math.min(left.length, right.length); depth++) {
    const order = collator.compare(left[depth] ?? '', right[depth] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length || byCodePoints(a, b);
}

const byCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
