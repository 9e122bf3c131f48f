import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../src/workflows/details.js';
import type { EpisodeView, SeasonView } from '../../src/workflows/messages.js';

const episode = (number: number, change: Partial<EpisodeView> = {}): EpisodeView => ({
  ...{ id: `e${number}`, number, stem: `ep ${number}`, phase: 'queued', frames: 10, attempt: 1 },
  ...change,
});

const view = (episodes: EpisodeView[]): SeasonView => ({
  ...{ season: 'show-1', title: 'Show', state: 'running', fleet: 'local', width: 1, out: '/out', untold: [] },
  episodes,
  machines: [{ id: 'e2-l1', step: 'working' }],
  safeToClose: true,
});

describe('a season in the Web UI', () => {
  it('is a table of its episodes, with what failed and which machines work', () => {
    const failure = { kind: 'disk-full', what: 'The disk is full' } as const;
    const text = detailsOf(view([episode(1, { phase: 'done' }), episode(2, { phase: 'failed', failure })]));
    expect(text.split('\n')).toEqual([
      '**running**: 1 of 2 episodes done. Results: /out',
      '',
      '| # | Episode | Phase | |',
      '| --- | --- | --- | --- |',
      '| 1 | ep 1 | done |  |',
      '| 2 | ep 2 | failed | disk\\-full: The disk is full |',
      '',
      '- machine e2-l1: working',
    ]);
  });

  it('takes a name for what it is, whatever it holds', () => {
    const text = detailsOf(view([episode(1, { stem: 'a|b\n| x | <img src=x> [l](http://x) `c`' })]));
    expect(text).toContain('| 1 | a\\|b \\| x \\| \\<img src=x\\> \\[l\\]\\(http://x\\) \\`c\\` | queued |  |');
  });

  it('stays within what the Web UI takes, and keeps what needs a look', () => {
    const many = Array.from({ length: 500 }, (_, n) => episode(n + 1, { stem: '*'.repeat(300), phase: 'done' }));
    const failure = { kind: 'bug', what: '_'.repeat(500) } as const;
    many[499] = episode(500, { phase: 'failed', failure });
    const text = detailsOf(view(many));
    expect(Buffer.byteLength(text)).toBeLessThan(20_000);
    expect(text).toContain('| 500 | ep 500 | failed |');
    expect(text).toContain('… and 440 more');
  });
});
