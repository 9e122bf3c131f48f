/** What the reference pages and the published schemas say is what the code reads. `npm run docs` writes them anew. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../src/cli/checks/settings.js';
import { jsonSchemas } from '../../src/config/json-schema.js';
import { settingNames, variableOf } from '../../src/config/layers.js';
import { loadConfig } from '../../src/config/load.js';
import { taafPaths } from '../../src/config/paths.js';
import { failureKinds, type RetryRule } from '../../src/domain/failures.js';
import { alarmKinds } from '../../src/domain/proof.js';
import { builtinNames } from '../../src/profiles/builtin.js';
import { parseProfile } from '../../src/profiles/parse.js';
import { keysOf, table, type Key, type Schema } from './key-table.js';
import { filled, page, root, tableUnder, type Page } from './pages.js';

const schemaOf = (name: string): Schema => jsonSchemas()[`${name}.schema.json`] as Schema;

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

const keyTable = (keys: readonly Key[]): string =>
  table(
    ['Key', 'Values', 'Default', 'Meaning'],
    keys.map(({ name, values, standard, meaning }) => [code(name), values, standard, meaning]),
  );

/** Every setting with the value that `taaf doctor` shows where nobody has set it. */
async function settingsTable(): Promise<string> {
  const paths = taafPaths({ TAAF_HOME: root });
  const settings = await loadConfig({ paths, env: {}, cwd: '/' });
  const shown = await checkSettings({ settings } as Parameters<typeof checkSettings>[0]);
  const rows = keysOf(schemaOf('config')).map(({ name, values, meaning }) => {
    const setting = settingNames.find((known) => known === name);
    const standard = shown.find((finding) => finding.name === name)?.found.replace(/ \(default\)$/, '') ?? '';
    return [
      code(name),
      values,
      standard.replace(join(paths.data, 'work'), '`work` in the data folder'),
      code(setting ? variableOf(setting) : ''),
      meaning,
    ];
  });
  return table(['Key', 'Values', 'Default', 'Variable', 'Meaning'], rows);
}

const pathOf = ({ path }: Page): string => join(root, path);

describe('the reference pages', () => {
  it('have every key of a profile', async () => {
    const profiles = page('docs/profiles.md');
    const keys = keysOf(schemaOf('profile'));
    expect(keys.filter(({ meaning }) => meaning === '')).toEqual([]);
    await expect(filled(profiles, 'profile keys', keyTable(keys)).text).toMatchFileSnapshot(pathOf(profiles));
  });

  it('have every setting, its variable and its default', async () => {
    const configuration = page('docs/configuration.md');
    const ofSeasons = table(
      ['Key', 'Values', 'Meaning'],
      keysOf(schemaOf('taaf')).map(({ name, values, meaning }) => [code(name), values, meaning]),
    );
    const text = filled(filled(configuration, 'config keys', await settingsTable()), 'season keys', ofSeasons).text;
    await expect(text).toMatchFileSnapshot(pathOf(configuration));
  });
});

describe('the published JSON Schemas', () => {
  it.each(Object.entries(jsonSchemas()))('%s is what the code reads', async (name, schema) => {
    const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot(join(root, 'docs', 'schema', name));
  });
});

describe('docs/profiles.md', () => {
  it('lists the built-in profiles', () => {
    const names = tableUnder(page('docs/profiles.md'), 'The built-in ones').map(([name]) => name);
    expect(names.sort()).toEqual(builtinNames.map(code).sort());
  });

  it('tells the defaults of every codec', () => {
    const rows = tableUnder(page('docs/profiles.md'), 'Codecs');
    expect(rows.map(([codec]) => codec)).toEqual(['`hevc`', '`h264`', '`av1`', '`ffv1`', '`prores`']);
    for (const [codec = '', , quality = '', preset, bits = ''] of rows) {
      const text = `upscale: { engine: ffmpeg }\nencode: { codec: ${codec.slice(1, -1)} }`;
      const { encode } = parseProfile(text, 'test', 'test.yaml');
      expect([parseFloat(quality), preset?.split(',')[0], parseFloat(bits)], codec).toEqual([
        encode.quality,
        code(encode.preset),
        encode.bits,
      ]);
    }
  });
});

describe('docs/troubleshooting.md', () => {
  it('has every failure kind, with what happens by itself and what to do', () => {
    const byItself: Record<RetryRule, string> = { soon: 'again and again', few: 'a few times', human: '–' };
    const rows = tableUnder(page('docs/troubleshooting.md'), 'Failure kinds');
    expect(rows.map(([kind, , retry, next]) => [kind, retry, next])).toEqual(
      Object.entries(failureKinds).map(([kind, { retry, next }]) => [code(kind), byItself[retry], next]),
    );
  });

  it('has every kind of alarm, with what it means', () => {
    const rows = tableUnder(page('docs/troubleshooting.md'), 'Alarms');
    expect(rows.map(([kind, meaning]) => [kind, meaning])).toEqual(
      Object.entries(alarmKinds).map(([kind, meaning]) => [code(kind), meaning]),
    );
  });
});

describe('docs/architecture.md', () => {
  it('names every folder of src', () => {
    const named = tableUnder(page('docs/architecture.md'), 'Who may import whom').map(([rooms = '']) => rooms);
    const rooms = readdirSync(join(root, 'src'));
    expect(rooms.filter((room) => !named.some((cell) => cell.includes(code(room))))).toEqual([]);
  });
});
