import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/activities/message.js';
import type { Alarm } from '../../src/domain/proof.js';
import type { Delivery } from '../../src/domain/season.js';
import type { Notice } from '../../src/workflows/activities.js';
import { planOf } from '../cli/plans.js';

const plan = planOf('show-0', ['one', 'two', 'three', 'four']);
const alarm: Alarm = { kind: 'tile', frame: 240, seconds: 10, frames: 1, evidence: '4 blocks' };

const deliveries = (change: (n: number) => Partial<Delivery> = () => ({})): Delivery[] =>
  plan.episodes.map(({ id, output }, n) => ({
    ...{
      episode: id,
      recipe: 'r-0',
      output,
      bytes: 1e9,
      sha256: '',
      frames: 1000,
      durationSeconds: 40,
      deliveredAt: 0,
    },
    ...change(n),
  }));

const finished: Notice = {
  ...{ id: 'finished-0', season: 'show-0', kind: 'finished', done: 4, failed: 0, total: 4, seconds: 60 },
};
const warnings = (notice: Notice, all: readonly Delivery[]): string[] =>
  messageOf(notice, plan, all)
    .body.split('\n')
    .filter((line) => /^(Warning|…)/.test(line));

describe('the notice of a finished season', () => {
  it('names the episodes that are worth a look, and why', () => {
    const all = deliveries((n) => (n === 1 ? { bytes: 3e9 } : n === 2 ? { proof: { sync: [], alarms: [alarm] } } : {}));
    expect(warnings(finished, all)).toEqual([
      'Warning: two is 3.0 times larger for its length (600.0 Mbit/s, the others 200.0)',
      'Warning: three is delivered, but look at 0:00:10.000 (tile): taaf why 3',
    ]);
  });

  it('has none when all is well, and none of results that are no longer in the plan', () => {
    expect(warnings(finished, deliveries())).toEqual([]);
    const [first, ...others] = deliveries();
    if (!first) throw new Error('no delivery');
    expect(warnings(finished, [first, ...others, { ...first, episode: 'e99-0', bytes: 9e9 }])).toEqual([]);
  });

  it('is short: the rest is for taaf status', () => {
    const long = planOf('show-0', ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const all = long.episodes.map(({ id, output }): Delivery => ({
      ...{ episode: id, recipe: 'r-0', output, bytes: 1, sha256: '', frames: 1, durationSeconds: 1, deliveredAt: 0 },
      proof: { sync: [], alarms: [alarm] },
    }));
    const lines = messageOf(finished, long, all).body.split('\n');
    expect(lines.filter((line) => line.startsWith('Warning'))).toHaveLength(5);
    expect(lines.at(-1)).toBe('… and 2 more: taaf status');
  });
});
