/** The SDK's own model of AWS, read as shapes: what a request may say and how an answer looks are then not ours to get wrong. */

/** A schema as the SDK exports it, such as `RunInstances$`: nested arrays, with functions where shapes refer to each other. */
export type Schema = readonly unknown[];

export interface Names {
  readonly xmlName?: string;
  readonly ec2QueryName?: string;
  readonly flat: boolean;
}

export interface Member {
  readonly name: string;
  readonly names: Names;
  readonly shape: () => Shape;
}

export type Shape =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'blob' | 'time' | 'document' | 'unit' }
  | { readonly kind: 'list'; readonly item: Member }
  | { readonly kind: 'map'; readonly key: Member; readonly value: Member }
  | { readonly kind: 'struct'; readonly members: readonly Member[]; readonly required: number };

/** Kinds of the SDK's schemas; a number alone is a scalar, or a scalar in a list (64) or a map (128). */
const LIST = 1;
const MAP = 2;
const OPERATION = 9;
const scalars: Readonly<Record<number, 'string' | 'number' | 'boolean' | 'blob' | 'time' | 'document'>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'time',
  5: 'time',
  6: 'time',
  7: 'time',
  15: 'document',
  17: 'number',
  19: 'number',
  21: 'blob',
  42: 'blob',
};

/** Input and output of an operation. */
export function operationShapes(schema: Schema): {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
} {
  if (schema[0] !== OPERATION) throw new Error('not the schema of an operation');
  return { name: String(schema[2]), input: shapeOf(schema[4]), output: shapeOf(schema[5]) };
}

const known = new WeakMap<object, Shape>();

function shapeOf(schema: unknown): Shape {
  if (typeof schema === 'function') return shapeOf((schema as () => unknown)());
  if (typeof schema === 'number') return scalar(schema);
  if (schema === 'unit') return { kind: 'unit' };
  if (!Array.isArray(schema)) throw new Error(`unknown schema: ${String(schema)}`);
  const have = known.get(schema);
  if (have !== undefined) return have;
  const shape = composite(schema);
  known.set(schema, shape);
  return shape;
}

function scalar(code: number): Shape {
  if (code >= 128) return { kind: 'map', key: member('key', 0), value: member('value', code & 63) };
  if (code >= 64) return { kind: 'list', item: member('member', code & 63) };
  const kind = scalars[code];
  if (kind === undefined) throw new Error(`unknown scalar in a schema: ${code}`);
  return { kind };
}

function composite(schema: readonly unknown[]): Shape {
  const [kind, , , , fourth, fifth, required] = schema;
  if (kind === 0) return shapeOf(fourth);
  if (kind === LIST) return { kind: 'list', item: member('member', fourth) };
  if (kind === MAP) return { kind: 'map', key: member('key', fourth), value: member('value', fifth) };
  const names = fourth as readonly string[];
  const refs = fifth as readonly unknown[];
  return {
    kind: 'struct',
    members: names.map((name, at) => member(name, refs[at])),
    // The SDK puts required members first and counts them.
    required: typeof required === 'number' ? required : 0,
  };
}

function member(name: string, ref: unknown): Member {
  // A reference with traits of its own is a pair; a schema is longer.
  const pair = Array.isArray(ref) && ref.length === 2 ? (ref as readonly unknown[]) : undefined;
  const traits = (typeof pair?.[1] === 'object' ? pair[1] : {}) as Record<string, unknown>;
  const { xmlName, ec2QueryName, xmlFlattened } = traits;
  return {
    name,
    names: {
      ...(typeof xmlName === 'string' ? { xmlName } : {}),
      ...(typeof ec2QueryName === 'string' ? { ec2QueryName } : {}),
      flat: xmlFlattened !== undefined,
    },
    shape: () => shapeOf(pair === undefined ? ref : pair[0]),
  };
}
