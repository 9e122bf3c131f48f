/** In what order machines are asked for, and what they cost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MachineOrder } from '../../../src/domain/aws.js';
import { isWholeGpu, marketFor, placements, type Offers } from '../../../src/fleet/aws/placements.js';
import { onDemandPrices, onDemandUsd, usdPerFrame } from '../../../src/fleet/aws/prices.js';

const TYPES = ['g4dn.xlarge', 'g5.2xlarge', 'g6.2xlarge', 'g6e.xlarge', 'g6f.2xlarge', 'gr6f.4xlarge'];
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

const order = (types: readonly string[], market: MachineOrder['market'] = 'spot'): MachineOrder => ({
  system: 'windows',
  types,
  market,
  volumeGiB: 200,
  deadlineSeconds: 36 * 3600,
});

const anyOffers: fc.Arbitrary<Offers> = fc.record({
  region: fc.constantFrom('us-east-1', 'eu-central-1'),
  offerings: fc.uniqueArray(fc.record({ type: fc.constantFrom(...TYPES), zone: fc.constantFrom(...ZONES) }), {
    selector: ({ type, zone }) => `${type} ${zone}`,
  }),
  subnets: fc.subarray(ZONES).map((zones) => new Map(zones.map((zone) => [zone, `subnet-${zone}`]))),
  spot: fc.uniqueArray(
    fc.record({
      type: fc.constantFrom(...TYPES),
      zone: fc.constantFrom(...ZONES),
      usdPerHour: fc.double({ min: 0.05, max: 9, noNaN: true }),
    }),
    { selector: ({ type, zone }) => `${type} ${zone}` },
  ),
});

describe('placements', () => {
  it('are each offered pair of a wanted type and a zone with a subnet, once, and never a slice of a GPU', () => {
    fc.assert(
      fc.property(anyOffers, fc.subarray(TYPES), fc.constantFrom('spot', 'on-demand'), (offers, types, market) => {
        const found = placements(order(types), market, offers);
        const expected = offers.offerings.filter(
          ({ type, zone }) => types.includes(type) && offers.subnets.has(zone) && !/^g(r?)6f/.test(type),
        );
        expect(found.map(({ type, zone }) => `${type} ${zone}`).sort()).toEqual(
          expected.map(({ type, zone }) => `${type} ${zone}`).sort(),
        );
        expect(found.every((each) => each.market === market && each.subnet === `subnet-${each.zone}`)).toBe(true);
      }),
    );
  });

  it('go from the cheapest to those whose price nobody knows, and do not depend on the order of the answers', () => {
    fc.assert(
      fc.property(anyOffers, fc.shuffledSubarray(TYPES, { minLength: TYPES.length }), (offers, types) => {
        const found = placements(order(types), 'spot', offers);
        const prices = found.map(({ usdPerHour = Infinity }) => usdPerHour);
        expect(prices).toEqual([...prices].sort((a, b) => a - b));
        const turned = { ...offers, offerings: [...offers.offerings].reverse(), spot: [...offers.spot].reverse() };
        expect(placements(order(types), 'spot', turned)).toEqual(found);
      }),
    );
  });

  it('go by the price of a frame where the speed of every type is known', () => {
    const offers: Offers = {
      region: 'us-east-1',
      offerings: [
        { type: 'g6.2xlarge', zone: 'us-east-1a' },
        { type: 'g6e.xlarge', zone: 'us-east-1a' },
      ],
      subnets: new Map([['us-east-1a', 'subnet-1']]),
      spot: [],
    };
    const typesBy = (speeds: Record<string, number>) =>
      placements(order(['g6.2xlarge', 'g6e.xlarge']), 'on-demand', offers, speeds).map(({ type }) => type);
    expect(typesBy({})).toEqual(['g6.2xlarge', 'g6e.xlarge']);
    expect(typesBy({ 'g6.2xlarge': 5, 'g6e.xlarge': 14 })).toEqual(['g6e.xlarge', 'g6.2xlarge']);
    expect(typesBy({ 'g6e.xlarge': 14 })).toEqual(['g6.2xlarge', 'g6e.xlarge']);
  });

  it('leave the spot market after the second loss, and never enter it unasked', () => {
    const spot = [0, 1, 2, 3].map((losses) => marketFor(order(TYPES), losses));
    expect(spot).toEqual(['spot', 'spot', 'on-demand', 'on-demand']);
    expect(marketFor(order(TYPES, 'on-demand'), 0)).toBe('on-demand');
  });

  it('know a slice of a GPU by its family', () => {
    expect(TYPES.filter(isWholeGpu)).toEqual(['g4dn.xlarge', 'g5.2xlarge', 'g6.2xlarge', 'g6e.xlarge']);
  });
});

describe('prices', () => {
  it('of Windows are the published ones where somebody has published them', () => {
    expect(onDemandUsd('g5.xlarge', 'windows', 'us-east-1')).toBeCloseTo(1.19, 2);
    expect(onDemandUsd('g4dn.xlarge', 'windows', 'us-east-1')).toBeCloseTo(0.71, 2);
    expect(onDemandUsd('g6.2xlarge', 'linux', 'us-east-1')).toBe(0.9776);
  });

  it('are not guessed: not of another region, nor of a type that the table lacks', () => {
    expect(onDemandUsd('g5.xlarge', 'linux', 'eu-central-1')).toBeUndefined();
    expect(onDemandUsd('toString', 'linux', 'us-east-1')).toBeUndefined();
    expect(Object.keys(onDemandPrices.types).every(isWholeGpu)).toBe(true);
  });

  it('of an episode come from those of a frame', () => {
    // 64,735 frames at 6 a second are just under 3 hours.
    expect(usdPerFrame(1.346, 6) * 64_735).toBeCloseTo(4.03, 2);
  });
});
