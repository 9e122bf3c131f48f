import { describe, expect, it } from 'vitest';
import { orderOf, poolsOf } from '../../src/cli/cloud/order.js';

const settings = {
  profile: undefined,
  region: undefined,
  types: undefined,
  market: 'spot',
  volume: 200,
  hours: 36,
} as const;

describe('what may be launched for a season', () => {
  it('is Windows for Topaz, which is there for nothing else, and Linux for all others', () => {
    expect(orderOf(settings, 'topaz')).toMatchObject({ system: 'windows', market: 'spot', volumeGiB: 200 });
    expect(orderOf(settings, 'onnx').system).toBe('linux');
    expect(orderOf({ ...settings, types: ['g5.xlarge'], hours: 2 }, 'onnx')).toMatchObject({
      types: ['g5.xlarge'],
      deadlineSeconds: 7200,
    });
  });

  it('is leased from the vCPUs of its market in its region, and from the seats where Topaz is used', () => {
    const place = { install: '0123456789abcdef', account: '111122223333', region: 'us-east-1' };
    const order = orderOf(settings, 'topaz');
    expect(poolsOf(place, order, { vCpus: 32, vCpusEach: 8 })).toEqual([
      { name: 'aws/111122223333/us-east-1/spot', limit: 32, units: 8 },
    ]);
    expect(poolsOf(place, order, { vCpus: 32, vCpusEach: 8, seats: 2 }).at(-1)).toEqual({
      name: 'topaz/0123456789abcdef',
      limit: 2,
      units: 1,
    });
  });
});
