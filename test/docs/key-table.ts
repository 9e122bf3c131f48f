/** A JSON Schema of settings as a table for people: one row a key, with what it may be, its default and its sentence. */

export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

export interface Key {
  readonly name: string;
  readonly values: string;
  readonly standard: string;
  readonly meaning: string;
}

/** All keys with a value, in the order of the schema; `under` begins their names. */
export function keysOf(schema: Schema, under = ''): Key[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const name = `${under}${key}`;
    if (inner.oneOf) return inner.oneOf.flatMap((branch) => keysOf(branch, `${name}.`));
    if (inner.properties) return keysOf(inner, `${name}.`);
    if (typeof inner.additionalProperties === 'object') return keysOf(inner.additionalProperties, `${name}.<name>.`);
    return [{ name, values: valuesOf(inner), standard: standardOf(inner), meaning: inner.description ?? '' }];
  });
}

const code = (value: unknown): string => `\`${String(value)}\``;

function valuesOf(schema: Schema): string {
  const { type, minimum, maximum, multipleOf, items, anyOf } = schema;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (anyOf) return anyOf.map(valuesOf).join(' or ');
  if (items) return `list of ${valuesOf(items)}s`;
  if (typeof type === 'object') return type.map((one) => valuesOf({ ...schema, type: one })).join(' or ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'string') return 'text';
  const kind = multipleOf === 2 ? 'even number' : type === 'integer' ? 'whole number' : 'number';
  return minimum === undefined ? kind : `${kind}, ${minimum} to ${maximum ?? '…'}`;
}

const standardOf = (schema: Schema): string =>
  schema.default === undefined || schema.default === '' ? '' : code(schema.default);

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
