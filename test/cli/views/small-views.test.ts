import { describe, expect, it } from 'vitest';
import { doctorView, type Finding } from '../../../src/cli/views/doctor.js';
import { bugView, failureView } from '../../../src/cli/views/failure.js';
import { bar, clock, length, percent } from '../../../src/cli/views/figures.js';
import { listView } from '../../../src/cli/views/list.js';
import { shorten, widthOf, wrap } from '../../../src/cli/views/text.js';
import { whyView } from '../../../src/cli/views/why.js';
import { delivered, episode, failed, plainLook, rendering } from '../seasons.js';

const look = plainLook(80);

describe('the view of a failure', () => {
  it('says what happened, why, the kind, and last what to do', () => {
    expect(failureView({ kind: 'disk-full', what: 'The disk of /x is full', evidence: 'ENOSPC' }, look))
      .toMatchInlineSnapshot(`
      "Error: The disk of /x is full
        Why: ENOSPC
        Kind: disk-full
        Next: Free disk space, then run: taaf retry <episode>"
    `);
  });

  it('asks for a report of what nobody foresaw', () => {
    const text = bugView(new TypeError('x is not a function'), { taaf: '1.2.3', ran: 'plan x' }, look);
    expect(text).toContain('TypeError: x is not a function');
    expect(text).toContain('taaf 1.2.3 · ran plan x');
    expect(text.split('\n').at(-1)).toContain('taaf doctor --json');
  });
});

describe('the view of why', () => {
  it('names kind, evidence, what happens by itself and what the human does', () => {
    expect(whyView(failed(3), look)).toMatchInlineSnapshot(`
      "Voyager S01E03
        Phase: failed
        What: The disk of /videos/voyager/upscaled is full
        Why: ENOSPC: no space left on device
        Kind: disk-full
        Happens next: nothing by itself: everything is kept until \`taaf retry\`
        You: Free disk space, then run: taaf retry <episode>"
    `);
  });

  it('says when the next attempt comes', () => {
    const at = new Date(2026, 0, 6, 14, 5).getTime();
    const retrying = {
      what: 'prepareEpisode',
      attempt: 4,
      failure: { kind: 'network', what: 'no answer' },
      nextAt: at,
    } as const;
    expect(whyView(episode(1, { phase: 'uploading', retrying }), look)).toContain(
      'attempt 4 of prepareEpisode, at Tue 14:05',
    );
  });

  it('says of an episode without trouble what it does or waits for', () => {
    expect(whyView(episode(1), look)).toContain('it starts when an episode before it is finished');
    expect(whyView(rendering(2, 250), look)).toContain('25%, 250 of 1000 frames on e02-5feceb66-l1');
    expect(whyView(delivered(3), look)).toContain('/videos/voyager/upscaled/Voyager S01E03.mkv');
  });
});

describe('the view of seasons', () => {
  const seasons = [
    {
      season: 'voyager-s1-9f86d081',
      title: 'voyager-s1',
      folder: '/videos/voyager-s1',
      out: '/videos/voyager-s1/upscaled',
      state: 'running',
      episodes: 26,
      done: 4,
      submittedAt: new Date(2026, 0, 6, 14, 5).getTime(),
    },
  ] as const;

  it('is a table that loses columns where it is narrow', () => {
    expect(listView(seasons, look)).toContain('/videos/voyager-s1/upscaled');
    expect(listView(seasons, plainLook(40))).not.toContain('/videos');
    for (const columns of [30, 40]) {
      for (const line of listView(seasons, plainLook(columns)).split('\n'))
        expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('names the first command where there is none', () => {
    expect(listView([], look)).toContain('taaf submit <folder>');
  });
});

describe('the view of the doctor', () => {
  it('has a line to mend each thing that is not well', () => {
    const findings: Finding[] = [
      { name: 'Node', state: 'ok', found: 'v20.20.2' },
      { name: 'ffmpeg', state: 'bad', found: '5.1, lacks zlib', fix: 'Run: taaf setup' },
    ];
    expect(doctorView(findings, look)).toMatchInlineSnapshot(`
      "ok    Node    v20.20.2
      BAD   ffmpeg  5.1, lacks zlib
            fix: Run: taaf setup"
    `);
  });
});

describe('figures and texts', () => {
  it.each([
    [59, '59s'],
    [3_599.6, '1h'],
    [12_000, '3h 20m'],
    [200_000, '2d 7h'],
  ])('writes %d seconds as %s', (seconds, text) => expect(length(seconds)).toBe(text));

  it.each([
    [45 * 60 + 12, '45:12'],
    [3_723, '1:02:03'],
    [9, '0:09'],
  ])('writes the running time of %d seconds as %s', (seconds, text) => expect(clock(seconds)).toBe(text));

  it('never says 100 % before the end', () => {
    expect(percent(999, 1000)).toBe('99%');
    expect(percent(0, 0)).toBe('0%');
  });

  it('fills a bar only at the end', () => {
    expect(bar(999, 1000, 4)).toBe('███░');
    expect(bar(5, 0, 4)).toBe('░░░░');
    expect(bar(9, 3, 4)).toBe('████');
  });

  it('shortens by what is seen, not by characters, and keeps the end', () => {
    expect(shorten('Voyager S01E03', 10)).toBe('Voy…S01E03');
    expect(shorten('航海家航海家', 7)).toBe('航…海家');
    expect(shorten('👩‍👩‍👧👩‍👩‍👧 family', 6)).toBe('👩‍👩‍👧…ily');
    expect(shorten('abc', 3)).toBe('abc');
    expect(shorten('abc', 1)).toBe('…');
  });

  it('breaks lines at blanks only and keeps the indentation of the first', () => {
    expect(wrap('  Why: one two three', 12, '    ')).toEqual(['  Why: one', '    two', '    three']);
    expect(wrap('/a/very/long/path', 5)).toEqual(['/a/very/long/path']);
  });
});
