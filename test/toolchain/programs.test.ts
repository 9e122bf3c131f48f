/** Finding and trying programs: real ones, and tiny ones that pretend. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { taafPaths } from '../../src/config/paths.js';
import { checkTools } from '../../src/toolchain/check.js';
import { checkFfmpeg, listedNames, requireFfmpeg } from '../../src/toolchain/ffmpeg.js';
import { locateTools } from '../../src/toolchain/locate.js';
import { findRuntime, installRuntime } from '../../src/toolchain/onnxruntime.js';
import { findPython } from '../../src/toolchain/python.js';
import { isOlder, temporalVersion } from '../../src/toolchain/temporal-version.js';
import { pipInstallArgv } from '../../src/toolchain/venv.js';
import { tools } from '../helpers/tools.js';

const venv = join(tools.temporal, '..', '..');
const auto = { ffmpeg: 'auto', temporal: 'auto' };
const path = process.env['PATH'];
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'taaf-tools-'));
});
afterAll(() => rm(home, { recursive: true }));
afterEach(() => {
  process.env['PATH'] = path;
});

async function script(name: string, body: string): Promise<string> {
  const program = join(home, name);
  await mkdir(join(program, '..'), { recursive: true });
  await writeFile(program, `#!/bin/sh\n${body}\n`);
  await chmod(program, 0o755);
  return program;
}

const ALL_FILTERS = ' .S. zscale  V->V  resizing\\n T. xpsnr  VV->V  comparing\\n';

const listing = (encoders: string, png: string, filters = ALL_FILTERS) => `case "$*" in
  *-version*) echo "ffmpeg version n7.1 Copyright";;
  *-encoders*) printf '${encoders}';;
  *-filters*) printf '${filters}';;
  *) ${png};;
esac`;

describe('an ffmpeg', () => {
  it('of the toolchain has all that TAAF needs', async () => {
    expect(await checkFfmpeg(tools.ffmpeg)).toEqual({ version: expect.stringMatching(/^\d/) as string, missing: [] });
  });

  it('is judged by exact names, not by words in descriptions', async () => {
    const encoders =
      ' V....D libx265rgb   like libx265 but not\\n V....D apng   Animated PNG, png\\n V..... ffv1  F\\n';
    const ffmpeg = await script('words/ffmpeg', listing(encoders, 'exit 0'));
    expect(await checkFfmpeg(ffmpeg)).toEqual({ version: '7.1', missing: ['png', 'libx265'] });
  });

  it('that is too old to compare pictures is refused', async () => {
    const encoders = ' V....D libx265  H\\n V....D png   PNG\\n V..... ffv1  F\\n';
    const ffmpeg = await script('old/ffmpeg', listing(encoders, 'exit 0', ' .S. zscale  V->V  resizing\\n'));
    expect(await checkFfmpeg(ffmpeg)).toMatchObject({ missing: ['xpsnr'] });
  });

  it('without zlib is found out by encoding a picture, and refused', async () => {
    const encoders = ' V....D libx265  H\\n V....D png   PNG\\n V..... ffv1  F\\n';
    const ffmpeg = await script('nozlib/ffmpeg', listing(encoders, 'echo "Unknown encoder" >&2; exit 8'));
    await expect(requireFfmpeg(ffmpeg)).rejects.toMatchObject({
      kind: 'tool-missing',
      message: `${ffmpeg} (7.1) lacks zlib`,
      next: expect.stringContaining('taaf setup') as string,
    });
  });

  it('that does not run is missing', async () => {
    await expect(checkFfmpeg(join(home, 'none'))).rejects.toMatchObject({ kind: 'tool-missing' });
    await expect(checkFfmpeg(await script('dead/ffmpeg', 'exit 127'))).rejects.toMatchObject({ kind: 'tool-missing' });
  });
});

describe('a listing of ffmpeg', () => {
  it('yields names of encoders and of filters', () => {
    const names = listedNames('Encoders:\n V..... = Video\n ------\n V....D png   PNG image\n .S zscale    V->V  x\n');
    expect([...names]).toEqual(['=', 'png', 'zscale']);
  });
});

describe('finding Python', () => {
  it('takes the first that runs, is new enough and has venv', async () => {
    await script('py/python3.13', 'exit 127');
    await script('py/python3.12', `echo '["/py/python3.12", 3, 12, false]'`);
    await script('py/python3', `echo '["/py/python3", 3, 11, true]'`);
    process.env['PATH'] = join(home, 'py');
    expect(await findPython()).toMatchObject({ program: '/py/python3', version: '3.11' });
  });

  it('says which one is too old', async () => {
    await script('old/python3', `echo '["/usr/bin/python3", 3, 8, true]'`);
    process.env['PATH'] = join(home, 'old');
    await expect(findPython()).rejects.toMatchObject({
      kind: 'tool-missing',
      evidence: '/usr/bin/python3 is 3.8',
      next: expect.stringContaining('3.10') as string,
    });
  });

  it('names the package that Debian leaves out', async () => {
    await script('bare/python3', `echo '["/usr/bin/python3", 3, 12, false]'`);
    process.env['PATH'] = join(home, 'bare');
    await expect(findPython()).rejects.toMatchObject({ next: expect.stringContaining('python3-venv') as string });
  });
});

describe('locating the tools', () => {
  const paths = () => taafPaths({ TAAF_HOME: home });
  const env = { TAAF_TOOLCHAIN: venv, PATH: '' };

  it('uses a ready environment that TAAF_TOOLCHAIN names', async () => {
    const { ffmpeg, ffprobe, temporal, apprise } = tools;
    expect(await locateTools(paths(), auto, env)).toEqual({ ffmpeg, ffprobe, temporal, apprise });
  });

  it('takes from PATH, or from a place, what the settings say', async () => {
    const onPath = await script('bin/ffmpeg', 'exit 0');
    const placed = await script('opt/temporal', 'exit 0');
    const choices = { ffmpeg: 'path', temporal: placed };
    const located = await locateTools(paths(), choices, { ...env, PATH: `/nowhere:${join(home, 'bin')}` });
    expect(located).toMatchObject({ ffmpeg: onPath, temporal: placed, ffprobe: tools.ffprobe });
  });

  it('fails with the setting to mend where that is not there', async () => {
    await expect(locateTools(paths(), { ...auto, ffmpeg: 'path' }, env)).rejects.toMatchObject({
      kind: 'tool-missing',
      evidence: 'tools.ffmpeg: path',
      next: expect.stringContaining('tools.ffmpeg') as string,
    });
  });
});

describe('the doctor’s look at the tools', () => {
  it('names version and path of each', async () => {
    const findings = await checkTools(taafPaths({ TAAF_HOME: home }), auto, { TAAF_TOOLCHAIN: venv });
    expect(findings.map(({ name, ok, fix }) => [name, ok, fix])).toEqual(
      ['ffmpeg', 'ffprobe', 'temporal', 'apprise', 'onnxruntime'].map((name) => [name, true, undefined]),
    );
    expect(findings[2]?.found).toMatch(/^\d+\.\d+\.\d+, server \d+\.\d+\.\d+ \(\//);
  });

  it('has one line to mend each when nothing is set up', async () => {
    const findings = await checkTools(taafPaths({ TAAF_HOME: join(home, 'nothing') }), auto, {});
    for (const { fix } of findings.slice(0, 4)) expect(fix).toBe('Run: taaf setup');
  });

  it('finds a chosen ffmpeg that lacks something', async () => {
    const ffmpeg = await script('poor/ffmpeg', listing('', 'exit 8'));
    const [finding] = await checkTools(taafPaths({ TAAF_HOME: home }), { ...auto, ffmpeg }, { TAAF_TOOLCHAIN: venv });
    expect(finding).toMatchObject({ ok: false, fix: 'Set tools.ffmpeg to auto in config.yaml' });
    expect(finding?.found).toContain('lacks zlib, png, libx265, ffv1');
  });
});

describe('versions', () => {
  it('of the Temporal CLI are read with its server’s', async () => {
    const { cli, server } = await temporalVersion(tools.temporal);
    expect([isOlder(cli, '1.9.0'), isOlder(server, '1.32.0')]).toEqual([false, false]);
    await expect(temporalVersion('/bin/echo')).rejects.toMatchObject({ kind: 'tool-missing' });
  });

  it.each([
    ['1.9.1', '1.10.0', true],
    ['1.32.0', '1.32.0', false],
    ['2.0.0', '1.99.99', false],
  ])('%s is older than %s: %s', (a, b, expected) => {
    expect(isOlder(a, b)).toBe(expected);
  });
});

describe('the ONNX runtime', () => {
  it('is found beside the package', async () => {
    expect(await findRuntime(taafPaths({ TAAF_HOME: home }))).toMatch(/onnxruntime-node\/.*\.js$/);
  });

  it('that cannot be fetched fails with the step and the command to run again', async () => {
    const registry = { npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' };
    Object.assign(process.env, registry, { npm_config_cache: join(home, 'npm') });
    const making = { paths: taafPaths({ TAAF_HOME: join(home, 'ort') }), report: () => undefined };
    await expect(installRuntime(making)).rejects.toMatchObject({
      kind: 'network',
      message: 'The ONNX runtime could not be fetched',
      next: expect.stringContaining('taaf setup') as string,
    });
  });
});

describe('pip', () => {
  it('is asked for exactly the lock’s files, and builds nothing', () => {
    const argv = pipInstallArgv('/v', '/lock.txt').join(' ');
    expect(argv).toMatch(/^\/v\/bin\/python -m pip .*--require-hashes --only-binary :all: -r \/lock\.txt$/);
    expect(argv).toContain('--no-deps');
  });
});
