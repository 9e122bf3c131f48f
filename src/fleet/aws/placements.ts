/** Which ways there are to get a machine, and in what order they are tried: pure. */
import type { MachineOrder, Market, Placement } from '../../domain/aws.js';
import { onDemandUsd, usdPerFrame } from './prices.js';

/** What a region has to offer for an order. */
export interface Offers {
  readonly region: string;
  /** Which type is to be had in which zone. */
  readonly offerings: readonly { readonly type: string; readonly zone: string }[];
  /** The default subnet of each zone that has one. */
  readonly subnets: ReadonlyMap<string, string>;
  /** USD an hour of now, for types and zones. */
  readonly spot: readonly { readonly type: string; readonly zone: string; readonly usdPerHour: number }[];
}

/** Frames a second that a type is known to make: from calibration. */
export type Speeds = Readonly<Record<string, number>>;

/** Slices of a GPU: a video needs a whole one. */
const FRACTIONAL = /^(g6f|gr6f)\./;

export const isWholeGpu = (type: string): boolean => !FRACTIONAL.test(type);

/** Losses of an episode's machines to the spot market after which it is on demand. */
const SPOT_LOSSES = 2;

export const marketFor = (order: MachineOrder, losses: number): Market =>
  order.market === 'spot' && losses < SPOT_LOSSES ? 'spot' : 'on-demand';

/** Every placement of an order, best first. */
export function placements(order: MachineOrder, market: Market, offers: Offers, speeds: Speeds = {}): Placement[] {
  const found = offers.offerings.flatMap(({ type, zone }): Placement[] => {
    const subnet = offers.subnets.get(zone);
    if (subnet === undefined || !order.types.includes(type) || !isWholeGpu(type)) return [];
    const usdPerHour =
      market === 'spot'
        ? offers.spot.find((price) => price.type === type && price.zone === zone)?.usdPerHour
        : onDemandUsd(type, order.system, offers.region);
    return [{ type, zone, subnet, market, ...(usdPerHour === undefined ? {} : { usdPerHour }) }];
  });
  return found.sort(byCost(order.types, costOf(found, speeds)));
}

/** By the frame when every type's speed is known, else by the hour: the two cannot be compared. */
function costOf(found: readonly Placement[], speeds: Speeds): (placement: Placement) => number {
  const known = found.every(({ type }) => (speeds[type] ?? 0) > 0);
  return ({ type, usdPerHour }) => {
    if (usdPerHour === undefined) return Infinity;
    return known ? usdPerFrame(usdPerHour, speeds[type] ?? 1) : usdPerHour;
  };
}

/** Equal or unknown prices: in the order's own order, then by zone, so that everybody comes to the same list. */
const byCost =
  (types: readonly string[], cost: (placement: Placement) => number) =>
  (a: Placement, b: Placement): number => {
    const [left, right] = [cost(a), cost(b)];
    if (left !== right) return left < right ? -1 : 1;
    return types.indexOf(a.type) - types.indexOf(b.type) || (a.zone < b.zone ? -1 : a.zone > b.zone ? 1 : 0);
  };
