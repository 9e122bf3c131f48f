import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanReport } from '../../src/cli/views/plan.js';
import { thisMachine } from '../../src/intake/machine.js';
import { rateKey } from '../../src/intake/rates.js';
import { temporaryFolder } from '../helpers/folder.js';
import { taaf, type Ran } from './harness.js';

const example = join(import.meta.dirname, '..', '..', 'assets', 'example-season');

/** A fresh computer with a copy of the example season, and the command line on it. */
async function computer() {
  const home = await temporaryFolder();
  const folder = join(home, 'show');
  await cp(example, folder, { recursive: true });
  const env = { TAAF_HOME: join(home, 'taaf'), TAAF_TOOLCHAIN: process.env['TAAF_TOOLCHAIN'] ?? '' };
  const run = (...argv: string[]): Promise<Ran> => taaf(argv, { env, cwd: home });
  return { home, folder, data: join(env.TAAF_HOME, 'data'), run };
}

/** Quick to measure: the same size, the quickest encoder. */
const SMALL = `description: small
upscale: { engine: ffmpeg, scaler: bicubic, grain: 0 }
size: { scale: 1 }
encode: { codec: h264, quality: 30, preset: ultrafast, bits: 8, keyframeSeconds: 2 }
`;

const reportIn = ({ stdout }: Ran): PlanReport => JSON.parse(stdout) as PlanReport;

describe('taaf plan', () => {
  it('shows episodes, costs and what is left out, and starts nothing', async () => {
    const { run, data, folder } = await computer();
    const ran = await run('plan', 'show', '--profile', 'dvd-4k-fast');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('show: 2 episodes');
    expect(ran.stdout).toContain('hard-telecine');
    expect(ran.stdout).toContain('CREDITS.md: not a video');
    expect(await readdir(data)).not.toContain('seasons');
    expect(await readdir(folder)).not.toContain('upscaled');
  });

  it('is what submit --dry-run shows', async () => {
    const { run } = await computer();
    const options = ['show', '--profile', 'dvd-4k-fast', '--episodes', '2', '--json'];
    const [plan, dry] = [
      reportIn(await run('plan', ...options)),
      reportIn(await run('submit', '--dry-run', ...options)),
    ];
    expect(dry.plan).toEqual(plan.plan);
    expect(plan.plan.episodes.map(({ number }) => number)).toEqual([2]);
  });

  it('says why it chose the profile that nobody named', async () => {
    const { run } = await computer();
    const report = reportIn(await run('plan', 'show', '--json'));
    expect(report.choice).toMatch(/^(dvd-4k-fast|live-4k)\. /);
  });

  it('takes settings of the season’s taaf.yaml, and flags before them', async () => {
    const { run, folder, home } = await computer();
    await writeFile(join(folder, 'taaf.yaml'), 'profile: dvd-preview\nout: ../there\n');
    const asked = reportIn(await run('plan', 'show', '--json'));
    expect(asked.plan.out).toBe(join(home, 'there'));
    expect(asked.plan.episodes.map(({ profile }) => profile.name)).toEqual(['dvd-preview', 'dvd-preview']);
    const flagged = reportIn(await run('plan', 'show', '--json', '--profile', 'dvd-4k-fast'));
    expect(flagged.plan.episodes[0]?.profile.name).toBe('dvd-4k-fast');
  });

  it('is wrong usage where there is no video, and says what was seen', async () => {
    const { run, home } = await computer();
    await mkdir(join(home, 'empty'));
    await writeFile(join(home, 'empty', 'notes.txt'), 'nothing');
    const ran = await run('plan', 'empty');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('notes.txt');
  });

  it('names the profile that was probably meant', async () => {
    const { run } = await computer();
    const ran = await run('plan', 'show', '--profile', 'live4k');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('live-4k');
  });

  it('tells a profile of the AWS command line from one of its own', async () => {
    const { home } = await computer();
    const config = join(home, 'aws-config');
    await writeFile(config, '[default]\nregion = eu-central-1\n[profile studio]\n');
    const env = { TAAF_HOME: home, TAAF_TOOLCHAIN: process.env['TAAF_TOOLCHAIN'] ?? '', AWS_CONFIG_FILE: config };
    const ran = await taaf(['plan', 'show', '--profile', 'studio'], { env, cwd: home });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('"studio" is an AWS profile');
  });
});

describe('taaf submit', () => {
  it('measures, and starts nothing that takes long unless somebody says yes', async () => {
    const { run, data, home } = await computer();
    const profile = join(home, 'small.yaml');
    await writeFile(profile, SMALL);
    const options = ['show', '--profile', profile, '--episodes', '2'];
    const [episode] = reportIn(await run('plan', ...options, '--json')).plan.episodes;
    if (!episode) throw new Error('no episode');
    // As if this computer had been found so slow that three seconds take days.
    const slow = { value: 1e7, samples: 9 };
    const keys = [rateKey('engine', episode), rateKey('encode', episode)];
    const machines = { [thisMachine().name]: Object.fromEntries(keys.map((key) => [key, slow])) };
    await writeFile(join(data, 'calibrations.json'), JSON.stringify({ version: 1, machines }));
    const ran = await run('submit', ...options);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toContain('measured here');
    expect(ran.stderr).toMatch(/The longest episode takes about \d+ years/);
    expect(ran.stderr).toContain('add --yes');
    expect(await readdir(data)).not.toContain('seasons');
  });

  it('asks for a region before it looks at a season for AWS', async () => {
    const { run } = await computer();
    const ran = await run('submit', 'show', '--fleet', 'aws');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('--aws-region');
  });
});

describe('taaf profiles', () => {
  it('lists what there is, shows one with its comments, and checks a file', async () => {
    const { run, home } = await computer();
    expect((await run('profiles')).stdout).toMatch(/live-4k\n {2}\S/);
    expect((await run('profiles', 'show', 'dvd-4k-fast')).stdout).toContain('upscale:');
    await writeFile(join(home, 'bad.yaml'), 'upscale: { engine: onxx }\n');
    const bad = await run('profiles', 'check', join(home, 'bad.yaml'));
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('bad.yaml');
    expect((await run('profiles', 'check')).stderr).toContain('<profile> is missing');
  });
});

describe('taaf doctor', () => {
  it('names every tool with its version, and every setting with its place', async () => {
    const { run } = await computer();
    const ran = await run('doctor', '--json');
    const { findings, tools } = JSON.parse(ran.stdout) as {
      readonly findings: readonly {
        readonly name: string;
        readonly state: string;
        readonly found: string;
        readonly fix?: string;
      }[];
      readonly tools: { readonly ffmpeg: string };
    };
    const byName = new Map(findings.map((finding) => [finding.name, finding]));
    expect(byName.get('ffmpeg')).toMatchObject({ state: 'ok' });
    expect(tools.ffmpeg).toContain('ffmpeg');
    expect(byName.get('Temporal')).toMatchObject({ state: 'note', fix: 'Run: taaf up' });
    expect(byName.get('work')?.found).toContain('(default)');
    for (const finding of findings) if (finding.state !== 'ok') expect(finding.fix, finding.name).toBeTruthy();
  });
});
