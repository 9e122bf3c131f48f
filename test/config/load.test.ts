/** The order of the settings' sources, and what each of them may say. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { taafPaths } from '../../src/config/paths.js';
import type { TaafPaths } from '../../src/config/paths.js';

let home: string;
let season: string;
let paths: TaafPaths;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'taaf-config-'));
  season = join(home, 'season');
  await mkdir(season);
  paths = taafPaths({ TAAF_HOME: home });
});
afterEach(() => rm(home, { recursive: true }));

const user = (text: string) => writeFile(join(home, 'config.yaml'), text);
const ofSeason = (text: string) => writeFile(join(season, 'taaf.yaml'), text);

describe('settings', () => {
  it('have defaults when nothing is written anywhere', async () => {
    const { config, whereFrom } = await loadConfig({ paths, env: {}, season, cwd: home });
    expect(config).toEqual({
      profile: undefined,
      out: undefined,
      width: undefined,
      fleet: 'local',
      name: undefined,
      show: undefined,
      season: undefined,
      notify: [],
      work: join(home, 'data', 'work'),
      tools: { ffmpeg: 'auto', temporal: 'auto' },
      local: { agents: 'auto' },
      aws: { profile: undefined, region: undefined, types: undefined, market: 'spot', volume: 200, hours: 36 },
      episodes: {},
    });
    expect(new Set(Object.values(whereFrom))).toEqual(new Set(['default']));
  });

  it('come from flags over environment over the season over the user, and say from where', async () => {
    await user('profile: p-user\nwidth: 1\nfleet: local\n\ntools:\n  ffmpeg: path\n');
    await ofSeason('profile: p-season\nwidth: 2\n');
    const { config, whereFrom } = await loadConfig({
      paths,
      env: { TAAF_PROFILE: 'p-env', TAAF_TOOLS_TEMPORAL: '/opt/temporal', TAAF_LOCAL_AGENTS: '3' },
      flags: { profile: 'p-flag' },
      season,
      cwd: home,
    });
    expect(config).toMatchObject({ profile: 'p-flag', width: 2, fleet: 'local', local: { agents: 3 } });
    expect(config.tools).toEqual({ ffmpeg: 'path', temporal: '/opt/temporal' });
    expect(whereFrom).toMatchObject({
      profile: '--profile',
      width: `${join(season, 'taaf.yaml')}:2`,
      fleet: `${join(home, 'config.yaml')}:3`,
      'tools.ffmpeg': `${join(home, 'config.yaml')}:6`,
      'tools.temporal': 'TAAF_TOOLS_TEMPORAL',
      'local.agents': 'TAAF_LOCAL_AGENTS',
      out: 'default',
    });
  });

  it('read paths relative to where they are written', async () => {
    await user('work: store\nout: ~/finished\n');
    const fromFile = await loadConfig({ paths, env: {}, cwd: '/elsewhere' });
    expect(fromFile.config).toMatchObject({ work: join(home, 'store'), out: join(homedir(), 'finished') });
    const fromEnv = await loadConfig({ paths, env: { TAAF_OUT: 'here' }, cwd: '/elsewhere' });
    expect(fromEnv.config.out).toBe('/elsewhere/here');
  });

  it('list the notification addresses of the environment', async () => {
    const { config } = await loadConfig({ paths, env: { TAAF_NOTIFY: 'json://a/b?x=1,2  ntfy://t' }, cwd: home });
    expect(config.notify).toEqual(['json://a/b?x=1,2', 'ntfy://t']);
  });

  it('give single episodes their own profile, or leave them out', async () => {
    await ofSeason('episodes:\n  pilot: { profile: live-4k }\n  "12": { skip: true }\n');
    const { config } = await loadConfig({ paths, env: {}, season, cwd: home });
    expect(config.episodes).toEqual({ pilot: { profile: 'live-4k' }, '12': { skip: true } });
  });

  it('name the show, and number its episodes', async () => {
    await user('name: "{season}x{episode:00}"\n');
    await ofSeason('show: Voyager\nseason: 1\nepisodes:\n  "disc1 t02": { number: [1, 2], title: Caretaker }\n');
    const { config } = await loadConfig({ paths, env: {}, season, cwd: home });
    expect(config).toMatchObject({ show: 'Voyager', season: 1, name: '{season}x{episode:00}' });
    expect(config.episodes).toEqual({ 'disc1 t02': { number: [1, 2], title: 'Caretaker' } });
  });
});

describe('a mistake in a settings file', () => {
  const failing = (sources: object = {}) =>
    loadConfig({ paths, env: {}, season, cwd: home, ...sources }).then(
      () => undefined,
      (error: unknown) => error,
    );

  it.each([
    ['flet: aws\n', '1:1: unknown key "flet", did you mean "fleet"?'],
    ['width: 2\nlocal:\n  agent: 1\n', '3:3: unknown key "agent", did you mean "agents"?'],
    ['zzzzzz: 1\n', '1:1: unknown key "zzzzzz"'],
    ['name: "{show}"\n', '1:7: name: must contain {episode}: all results would have one name'],
    ['show: X\n', '1:1: unknown key "show": it belongs into a season’s taaf.yaml'],
    ['episodes: {}\n', '1:1: unknown key "episodes": single episodes belong into a season’s taaf.yaml'],
  ])('names the key of %j', async (text, message) => {
    await user(text);
    expect(await failing()).toMatchObject({ kind: 'usage', message: `${join(home, 'config.yaml')}:${message}` });
  });

  it('names line and column of a wrong value', async () => {
    await user('profile: x\nwidth: many\n');
    expect(await failing()).toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('config.yaml:2:8: width: ') as string,
    });
  });

  it('names line and column of broken YAML and of a key given twice', async () => {
    await user('width: [1\n');
    expect(await failing()).toMatchObject({ message: expect.stringMatching(/config\.yaml:2:1: /) as string });
    await user('width: 1\nwidth: 2\n');
    expect(await failing()).toMatchObject({ message: expect.stringMatching(/config\.yaml:2:1: Map keys/) as string });
  });

  it('is told completely: the first as headline, the others as evidence', async () => {
    await user('flet: 1\nwitdh: 2\n');
    expect(await failing()).toMatchObject({
      message: expect.stringContaining('"flet"') as string,
      evidence: expect.stringContaining('config.yaml:2:1: unknown key "witdh", did you mean "width"?') as string,
    });
  });

  it('is to let a season’s folder name programs of this computer', async () => {
    await ofSeason('profile: a\ntools: { ffmpeg: /tmp/evil }\n');
    expect(await failing()).toMatchObject({
      message: `${join(season, 'taaf.yaml')}:2:1: unknown key "tools": it is a setting of this computer and belongs into your config.yaml`,
    });
  });

  it('names a wrong environment variable', async () => {
    expect(await failing({ env: { TAAF_WIDTH: 'lots' } })).toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/^TAAF_WIDTH: /) as string,
    });
    expect(await failing({ env: { TAAF_TOOLS_FFMPEG: 'bin/ffmpeg' } })).toMatchObject({
      message: 'TAAF_TOOLS_FFMPEG: must be auto, path, or an absolute path',
    });
  });
});
