import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { seasonView } from '../../../src/cli/views/season.js';
import { delivered, episode, failed, plainLook, rendering, season } from '../seasons.js';

const busy = season([delivered(1), rendering(2, 250), failed(3), episode(4)]);
const linesOf = (text: string): string[] => text.split('\n');

describe('the view of a season', () => {
  it('shows phase, bar, share, speed, time left and machine of every episode at 120 columns', () => {
    expect(seasonView(busy, plainLook(120))).toMatchInlineSnapshot(`
      "voyager-s1  running  1 of 4 episodes done
      ████████████████░░░░░░░░░░░░░░░░░░░░░░░░  41%  2.5 fps  11m 40s left

      Episode         Phase      Progress                fps  Left  Machine
      Voyager S01E01  done       ████████████████  100%
      Voyager S01E02  rendering  ████░░░░░░░░░░░░   25%  2.5    5m  e02-5feceb66-l1
      Voyager S01E03  failed     ░░░░░░░░░░░░░░░░    0%
      Voyager S01E04  queued     ░░░░░░░░░░░░░░░░    0%

      Voyager S01E03: disk-full: The disk of /videos/voyager/upscaled is full

      Safe to close this terminal: rendering goes on in the background, also after sleep."
    `);
  });

  it('leaves out the machine first where there are 80 columns', () => {
    expect(seasonView(busy, plainLook(80))).toMatchInlineSnapshot(`
      "voyager-s1  running  1 of 4 episodes done
      ████████████████░░░░░░░░░░░░░░░░░░░░░░░░  41%  2.5 fps  11m 40s left

      Episode         Phase      Progress                fps  Left  Machine
      Voyager S01E01  done       ████████████████  100%
      Voyager S01E02  rendering  ████░░░░░░░░░░░░   25%  2.5    5m  e02-5feceb66-l1
      Voyager S01E03  failed     ░░░░░░░░░░░░░░░░    0%
      Voyager S01E04  queued     ░░░░░░░░░░░░░░░░    0%

      Voyager S01E03: disk-full: The disk of /videos/voyager/upscaled is full

      Safe to close this terminal: rendering goes on in the background, also after
        sleep."
    `);
  });

  it('keeps episode, phase and share at 40 columns', () => {
    expect(seasonView(busy, plainLook(40))).toMatchInlineSnapshot(`
      "voyager-s1
      running  1 of 4 episodes done
      █████░░░░░░░  41%  2.5 fps  11m 40s left

      Episode       Phase            fps  Left
      Voya… S01E01  done       100%
      Voya… S01E02  rendering   25%  2.5    5m
      Voya… S01E03  failed       0%
      Voya… S01E04  queued       0%

      Voyager S01E03: disk-full: The disk of
        /videos/voyager/upscaled is full

      Safe to close this terminal: rendering
        goes on in the background, also after
        sleep."
    `);
  });

  it.each([20, 40, 80, 120])('fits %i columns, but for paths, which are not broken', (columns) => {
    for (const line of linesOf(seasonView(busy, plainLook(columns)))) {
      if (!line.includes('/')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('sums up the season without what failed', () => {
    // 1000 of the delivered one and 250 of the running one, of 3000 that are not given up; 1750 frames at 2.5 a second.
    expect(seasonView(busy, plainLook(80))).toContain('41%  2.5 fps  11m 40s left');
  });

  it('fits a screen of few rows: what moves and what failed is shown, the rest is counted', () => {
    const many = season([
      ...Array.from({ length: 20 }, (_, i) => delivered(i + 1)),
      rendering(21, 10),
      failed(22),
      ...Array.from({ length: 20 }, (_, i) => episode(i + 23)),
    ]);
    const text = seasonView(many, plainLook(80), 14);
    expect(linesOf(text).length).toBeLessThanOrEqual(14);
    expect(text).toContain('S01E21');
    expect(text).toContain('S01E22');
    expect(text).toMatch(/and \d+ more episodes/);
  });

  it('says when the terminal may be closed, and when not', () => {
    expect(seasonView(busy, plainLook(80))).toContain('Safe to close this terminal');
    expect(seasonView({ ...busy, safeToClose: false }, plainLook(80))).toContain('Keep this computer on');
    expect(seasonView({ ...busy, fleet: 'aws' }, plainLook(80))).toContain('Safe to close this computer');
  });

  it('says who could not be told, and why', () => {
    const untold = [
      { kind: 'network', what: 'ntfy://… did not take the message', evidence: 'Connection error' },
    ] as const;
    expect(seasonView({ ...busy, untold }, plainLook(100))).toContain(
      'Not told: ntfy://… did not take the message: Connection error',
    );
  });

  it('names the next command in every state that waits for somebody', () => {
    expect(seasonView({ ...busy, state: 'attention' }, plainLook(80))).toContain('taaf retry');
    expect(seasonView({ ...busy, state: 'paused' }, plainLook(80))).toContain('taaf resume');
    expect(seasonView({ ...busy, source: 'records' }, plainLook(80))).toContain('taaf up');
    expect(seasonView({ ...busy, state: 'done' }, plainLook(80))).toContain('Results: /videos/voyager/upscaled');
  });

  it('says that an episode is restored, and that an activity is tried again', () => {
    const [, running] = busy.episodes;
    const progress = { frames: 3, total: 0, rate: 0, machines: [], restoring: true };
    const text = seasonView(season([{ ...episode(1), ...running, progress }]), plainLook(80));
    expect(text).toContain('restoring');
    const retrying = { what: 'collect', attempt: 3, failure: { kind: 'network', what: 'no answer' } } as const;
    expect(seasonView(season([{ ...rendering(1, 5), retrying }]), plainLook(80))).toContain('rendering, again');
  });

  it('does not let a file name move the cursor or reverse the line', () => {
    const text = seasonView(season([episode(1, { stem: 'a\u001b[2Jb\nc\u202ed' })]), plainLook(80));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).toContain('a\\x1b[2Jb\\nc');
  });

  it('aligns names of wide characters', () => {
    const rows = linesOf(
      seasonView(season([episode(1, { stem: '航海家' }), episode(2, { stem: 'abcdef' })]), plainLook(80)),
    );
    const [wide = '', narrow = ''] = rows.filter((line) => line.includes('queued'));
    expect(stringWidth(wide.slice(0, wide.indexOf('queued')))).toBe(
      stringWidth(narrow.slice(0, narrow.indexOf('queued'))),
    );
  });
});
