/** The published example is what the code reads. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemas } from '../../src/config/json-schema.js';
import { settingNames, settings } from '../../src/config/layers.js';
import { configSchema, seasonSchema } from '../../src/config/schema.js';
import { readYaml } from '../../src/config/yaml.js';

const docs = new URL('../../docs/', import.meta.url);
const read = (name: string) => readFile(new URL(name, docs), 'utf8');

const keysOf = (value: unknown, prefix = ''): string[] =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => keysOf(inner, `${prefix}${key}.`))
    : [prefix.slice(0, -1)];

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}
const keysOfSchema = ({ properties }: Schema, prefix = ''): string[] =>
  properties === undefined
    ? [prefix.slice(0, -1)]
    : Object.entries(properties).flatMap(([key, inner]) => keysOfSchema(inner, `${prefix}${key}.`));

describe('docs/config.example.yaml', () => {
  it('has every key of the schema, no other, and passes it', async () => {
    const text = await read('config.example.yaml');
    const { value } = readYaml(text, 'config.example.yaml', { schema: configSchema });
    expect(keysOf(value).sort()).toEqual(keysOfSchema(jsonSchemas()['config.schema.json'] as Schema).sort());
  });

  it('shows in its comment a taaf.yaml that the schema of seasons accepts', async () => {
    const text = await read('config.example.yaml');
    const shown = text
      .split('\n')
      .filter((line) => line.startsWith('#   '))
      .map((line) => line.slice(4));
    expect(Object.keys(seasonSchema.parse(parse(shown.join('\n'))).episodes ?? {})).toEqual(['pilot', 'bloopers']);
  });
});

describe('the settings', () => {
  it('are all in the table that says where each came from', () => {
    expect([...settingNames].sort()).toEqual(keysOfSchema(jsonSchemas()['config.schema.json'] as Schema).sort());
    expect(settings['tools.ffmpeg']({ tools: { ffmpeg: 'path' } })).toBe('path');
  });
});
