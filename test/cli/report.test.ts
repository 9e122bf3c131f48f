/** `taaf report` on a season that this computer remembers: rows for every episode, stills for what is delivered. */
import { cp, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanReport } from '../../src/cli/views/plan.js';
import type { SeasonPlan } from '../../src/domain/season.js';
import { MARKER } from '../../src/report/page.js';
import { seasonRegistry } from '../../src/seasons/registry.js';
import { temporaryFolder } from '../helpers/folder.js';
import { ffmpeg } from '../helpers/rendered.js';
import { taaf } from './harness.js';

const example = join(import.meta.dirname, '..', '..', 'assets', 'example-season');
/** As much of a script as a file name may hold. */
const NAME = `<script>alert('E02')<!-- & "Yawn"`;

/** A season of two episodes: the second one is delivered, its picture four times as large; the names come from anywhere. */
async function season() {
  const home = await temporaryFolder();
  const folder = join(home, 'show');
  await cp(example, folder, { recursive: true });
  await rename(join(folder, 'Example Show - S01E02 - Yawn.mkv'), join(folder, `Show 2 ${NAME}.mkv`));
  const env = { TAAF_HOME: join(home, 'taaf'), TAAF_TOOLCHAIN: process.env['TAAF_TOOLCHAIN'] ?? '' };
  const run = (...argv: string[]) => taaf(argv, { env, cwd: home });
  const planned = await run('plan', 'show', '--profile', 'dvd-4k-fast', '--json');
  const { plan } = JSON.parse(planned.stdout) as PlanReport;
  await deliver(plan, join(env.TAAF_HOME, 'data'), home);
  return { home, plan, run };
}

async function deliver(plan: SeasonPlan, data: string, work: string): Promise<void> {
  const episode = plan.episodes[1];
  if (episode === undefined) throw new Error('there is no second episode');
  const registry = seasonRegistry(data);
  const { season: id, title, folder, out } = plan;
  await registry.save({ season: id, title, folder, out, work, planHash: '', agents: 1, submittedAt: 1 }, plan);
  await mkdir(out);
  const output = join(out, episode.output);
  const picture = ['-vf', 'scale=1408:1056:flags=lanczos', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12'];
  await ffmpeg('-i', join(folder, episode.path), '-map', '0', '-c', 'copy', '-copyts', ...picture, output);
  const { size: bytes } = await stat(output);
  const facts = { bytes, sha256: '', frames: episode.estimatedFrames, durationSeconds: episode.source.durationSeconds };
  await registry.deliver(id, { episode: episode.id, recipe: 'r-0', output, ...facts, deliveredAt: 61_000 });
}

interface Answer {
  readonly path: string;
  readonly episodes: readonly {
    readonly phase: string;
    readonly note?: string;
    readonly moments: readonly { readonly seconds: number; readonly correlation: number }[];
  }[];
}

describe('taaf report', () => {
  it('has a row for every episode and stills of the same frame for what is delivered', async () => {
    const { plan, run } = await season();
    const ran = await run('report', 'show', '--json');
    expect(ran.code, ran.stderr).toBe(0);
    const { path, episodes } = JSON.parse(ran.stdout) as Answer;
    expect(path).toBe(join(plan.out, 'report.html'));
    expect(episodes.map(({ phase, moments }) => [phase, moments.length])).toEqual([
      ['queued', 0],
      ['done', 3],
    ]);
    expect(episodes[1]?.moments.every(({ correlation }) => correlation > 0.99)).toBe(true);

    const page = await readFile(path, 'utf8');
    expect(page.startsWith(MARKER)).toBe(true);
    expect(page.match(/<img-comparison-slider/g)).toHaveLength(3);
    for (const text of ['352×240 → 2880×2160 hevc', 'hard-telecine', 'Mbit/s', '1 of 2 episodes done', '1m'])
      expect(page).toContain(text);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain('&lt;script&gt;alert(&#39;E02&#39;)');
  });

  it('does without the stills of a file that is gone, and says so', async () => {
    const { home, plan, run } = await season();
    await writeFile(join(plan.out, plan.episodes[1]?.output ?? ''), 'something else');
    const ran = await run('report', '--to', join(home, 'page.html'));
    expect([ran.code, ran.stdout]).toEqual([0, `Report: ${join(home, 'page.html')}\n`]);
    expect(ran.stderr).toContain('No stills');
    expect(await readFile(join(home, 'page.html'), 'utf8')).toContain('is another file than it was');
  });

  it('is written anew over its own page, and never over a file of somebody else', async () => {
    const { home, plan, run } = await season();
    await writeFile(join(plan.out, plan.episodes[1]?.output ?? ''), 'something else');
    expect([(await run('report')).code, (await run('report')).code]).toEqual([0, 0]);
    await writeFile(join(home, 'notes.html'), 'my notes');
    const refused = await run('report', '--to', 'notes.html');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Kind: output-exists')]);
    expect(await readFile(join(home, 'notes.html'), 'utf8')).toBe('my notes');
  });
});
