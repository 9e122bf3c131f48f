/** What the machines of the double have cost, to the virtual second. */
import type { Instance } from './ec2/instance.js';
import { spotPrice } from './ec2/market.js';
import { priceOf, type Market, type System } from './ec2/types.js';

export interface BillLine {
  readonly instance: string;
  readonly type: string;
  readonly system: System;
  readonly market: Market;
  /** Seconds that it ran. */
  readonly seconds: number;
  /** Seconds that are charged: at least 60 each time it was started. */
  readonly charged: number;
  readonly usdPerHour: number;
  readonly usd: number;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  readonly usd: number;
}

export function billOf(instances: readonly Instance[], now: number): Bill {
  const lines = instances.map((instance) => lineOf(instance, now));
  return { lines, usd: lines.reduce((sum, { usd }) => sum + usd, 0) };
}

function lineOf({ id, type, image: { system }, market, subnet, ran }: Instance, now: number): BillLine {
  const rounds = ran.map(({ from, to }) => ((to ?? now) - from) / 1000);
  const charged = rounds.reduce((sum, seconds) => sum + Math.max(60, Math.ceil(seconds)), 0);
  const usdPerHour = market === 'spot' ? spotPrice(type, subnet.zone, system) : priceOf(type, system, market);
  return {
    instance: id,
    type,
    system,
    market,
    seconds: rounds.reduce((sum, seconds) => sum + seconds, 0),
    charged,
    usdPerHour,
    usd: (charged * usdPerHour) / 3600,
  };
}
