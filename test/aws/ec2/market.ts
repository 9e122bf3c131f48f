/** Where types are offered, and what spot costs there. */
import { instanceTypes, priceOf, type System } from './types.js';

/** Everything everywhere but the newest line, which the third zone has not got. */
export const offered = (type: string, zone: string): boolean =>
  instanceTypes[type] !== undefined && !(type.startsWith('g6e.') && zone.endsWith('c'));

/** USD an hour; zones differ a little, so that "the cheapest" means something. */
export function spotPrice(type: string, zone: string, system: System): number {
  const step = zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0);
  return Number((priceOf(type, system, 'spot') * (1 + 0.03 * step)).toFixed(6));
}
