import { describe, expect, it } from 'vitest';
import { eventsBetween } from '../../../src/cli/events.js';
import type { EpisodeStatus } from '../../../src/cli/season-status.js';
import { seasonView } from '../../../src/cli/views/season.js';
import { whyView } from '../../../src/cli/views/why.js';
import type { Alarm, EpisodeProof } from '../../../src/domain/proof.js';
import { delivered, plainLook, season } from '../seasons.js';

const alarm: Alarm = {
  ...{ kind: 'tile', frame: 18_091, seconds: 754.567, frames: 2, evidence: '4 blocks of 8 × 8 pixels side by side' },
  still: '/data/seasons/voyager/stills/e03/0-12-34-567-tile.png',
};

const proof: EpisodeProof = {
  likeness: {
    ssim: { mean: 0.9914, low: 0.9672, frame: 18_000, seconds: 750.75 },
    xpsnr: { mean: 40.23, low: 35.11, frame: 18_000, seconds: 750.75 },
    scenes: 812,
  },
  sync: [
    { seconds: 190, lateMs: 1, agreement: 0.999 },
    { seconds: 570, lateMs: -4, agreement: 0.998 },
    { seconds: 950, skipped: 'still' },
  ],
  longerMs: -3,
  alarms: [alarm],
};

function proven(number: number, more: Partial<EpisodeProof> = {}, bytes = 1e9): EpisodeStatus {
  const { delivery, ...episode } = delivered(number);
  return delivery ? { ...episode, delivery: { ...delivery, bytes, proof: { ...proof, ...more } } } : episode;
}

describe('the proof of a delivered episode', () => {
  it('is a few lines of taaf why', () => {
    expect(whyView(proven(3), plainLook(100))).toMatchInlineSnapshot(`
      "Voyager S01E03
        Phase: done
        Result: /videos/voyager/upscaled/Voyager S01E03.mkv
        Frames: 1000, 3 ms shorter than the source's picture
        SSIM: 0.991, least in the scene at 0:12:30.750: 0.967
        XPSNR: 40.2 dB, least in the scene at 0:12:30.750: 35.1 dB
        Sync: within 4 ms at 2 points; 1 more said nothing
        Alarm: 0:12:34.567: the picture has blocks that differ far more than the rest of it (tile, 2
          frames: 4 blocks of 8 × 8 pixels side by side); see
          /data/seasons/voyager/stills/e03/0-12-34-567-tile.png"
    `);
  });

  it('tells whether every field of the source is there', () => {
    expect(whyView(proven(3, { fields: 2000 }), plainLook(100))).toContain('source: 2000, none lost or doubled');
    const lost = { ...alarm, kind: 'lost' } as const;
    expect(whyView(proven(3, { fields: 2000, alarms: [lost] }), plainLook(100))).toContain('2000 looked for; see');
  });

  it('tells of what was refused and accepted, without a warning', () => {
    const episode = proven(3, { alarms: [{ ...alarm, kind: 'colour', accepted: true }] });
    expect(whyView(episode, plainLook(400))).toContain('side by side), accepted by you; see /data');
    expect(seasonView(season([episode], { state: 'done' }), plainLook(120))).not.toContain('Warning');
  });

  it('says that there is no alarm, and that nothing could be said about the sound', () => {
    const text = whyView(proven(3, { alarms: [], sync: [{ seconds: 1, skipped: 'still' }] }), plainLook(100));
    expect(text).toContain('Alarms: none');
    expect(text).toContain('Sync: nothing moves enough at 1 point to say anything');
  });

  it('is nothing for a result of a version that proved nothing', () => {
    expect(whyView(delivered(3), plainLook(100)).split('\n').at(-1)).toContain('Result:');
  });
});

describe('the end of a season', () => {
  it('warns of what should be looked at, with the command that says more', () => {
    const alarms = [alarm, { ...alarm, kind: 'frozen' as const }];
    const text = seasonView(season([delivered(1), proven(3, { alarms })], { state: 'done' }), plainLook(120));
    expect(text).toContain(
      'Warning: Voyager S01E03 is delivered, but look at 0:12:34.567 (tile) and 1 more: taaf why 3',
    );
  });

  it('says nothing while it runs: the line would be gone before anybody acts', () => {
    expect(seasonView(season([proven(3)]), plainLook(120))).not.toContain('Warning');
  });

  it('names a result that is far larger than the others', () => {
    const episodes = [1, 2, 3, 4].map((number) => proven(number, { alarms: [] }, number === 2 ? 5e9 : 1e9));
    const text = seasonView(season(episodes, { state: 'done' }), plainLook(120));
    expect(text).toContain(
      'Warning: Voyager S01E02 is 5.0 times larger for its length (1000.0 Mbit/s, the others 200.0)',
    );
    expect(text.match(/Warning/g)).toHaveLength(1);
  });

  it('tells of sizes in a pipe once, with the end', () => {
    const episodes = [1, 2, 3, 4].map((number) => proven(number, { alarms: [] }, number === 2 ? 5e9 : 1e9));
    const [closing, done] = (['closing', 'done'] as const).map((state) => season(episodes, { state }));
    const texts = eventsBetween(closing, done ?? season([])).map(({ kind }) => kind);
    expect(texts).toEqual(['warning', 'season']);
    expect(eventsBetween(done, done ?? season([]))).toEqual([]);
  });

  it('is an event where the screen is a pipe', () => {
    const before = season([{ ...proven(3), phase: 'assembling' }]);
    const [done, warning] = eventsBetween(before, season([proven(3)]));
    expect(done).toMatchObject({ kind: 'delivered' });
    expect(warning).toMatchObject({ kind: 'warning', text: expect.stringContaining('taaf why 3') as string });
  });
});
