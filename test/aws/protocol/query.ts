/** Requests of the query protocols (EC2's and the plain one): dotted form fields into the input that the model says, unknown ones refused. */
import { AwsError } from './error.js';
import type { Member, Shape } from './shape.js';

export type QueryDialect = 'ec2' | 'query';

interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

/** @throws AwsError `UnknownParameter`, `MissingParameter` or `InvalidParameterValue` */
export function decodeQuery(shape: Shape, fields: URLSearchParams, dialect: QueryDialect): unknown {
  const root: Node = { children: new Map() };
  for (const [key, value] of fields) {
    if (key === 'Action' || key === 'Version') continue;
    let node = root;
    for (const part of key.split('.')) {
      const child = node.children.get(part) ?? { children: new Map<string, Node>() };
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  if (shape.kind === 'unit') {
    const [extra] = root.children.keys();
    if (extra !== undefined) throw unknown(extra);
    return {};
  }
  return read(shape, root, dialect, '', false);
}

function read(shape: Shape, node: Node, dialect: QueryDialect, path: string, flat: boolean): unknown {
  if (shape.kind === 'struct') return readStruct(shape, node, dialect, path);
  if (shape.kind === 'list') return readList(shape.item, node, dialect, path, flat || dialect === 'ec2');
  if (shape.kind === 'map') return readMap(shape.key, shape.value, node, dialect, path, flat);
  return readScalar(shape.kind, node, path);
}

function readStruct(shape: Shape & { kind: 'struct' }, node: Node, dialect: QueryDialect, path: string): unknown {
  const result: Record<string, unknown> = {};
  const left = new Set(node.children.keys());
  for (const [at, member] of shape.members.entries()) {
    const key = fieldName(member, dialect);
    const child = node.children.get(key);
    if (child === undefined) {
      if (at < shape.required)
        throw new AwsError('MissingParameter', `The request must contain the parameter ${path}${key}`);
      continue;
    }
    left.delete(key);
    result[member.name] = read(member.shape(), child, dialect, `${path}${key}.`, member.names.flat);
  }
  for (const extra of left) throw unknown(path + extra);
  return result;
}

function fieldName({ name, names }: Member, dialect: QueryDialect): string {
  if (dialect === 'query') return names.xmlName ?? name;
  const key = names.ec2QueryName ?? names.xmlName ?? name;
  return names.ec2QueryName === undefined ? key.charAt(0).toUpperCase() + key.slice(1) : key;
}

function readList(item: Member, node: Node, dialect: QueryDialect, path: string, flat: boolean): unknown[] {
  // An empty list of the plain protocol is a field without a value.
  if (node.children.size === 0 && node.value === '') return [];
  const holder = flat ? node : single(node, item.names.xmlName ?? 'member', path);
  return numbered(holder, path).map((child) => read(item.shape(), child, dialect, path, false));
}

function readMap(key: Member, value: Member, node: Node, dialect: QueryDialect, path: string, flat: boolean): unknown {
  const holder = flat ? node : single(node, 'entry', path);
  const pairs = numbered(holder, path).map((child) => [
    String(single(child, key.names.xmlName ?? 'key', path, true).value),
    read(value.shape(), single(child, value.names.xmlName ?? 'value', path, true), dialect, path, false),
  ]);
  return Object.fromEntries(pairs) as unknown;
}

function single(node: Node, name: string, path: string, others = false): Node {
  const child = node.children.get(name);
  const [extra] = [...node.children.keys()].filter((key) => key !== name);
  if (extra !== undefined && !others) throw unknown(path + extra);
  if (child === undefined) throw unknown(path);
  return child;
}

function numbered(node: Node, path: string): Node[] {
  return [...node.children.entries()]
    .map(([index, child]) => {
      if (!/^[1-9][0-9]*$/.test(index)) throw unknown(path + index);
      return [Number(index), child] as const;
    })
    .sort(([a], [b]) => a - b)
    .map(([, child]) => child);
}

function readScalar(kind: string, node: Node, path: string): unknown {
  const name = path.replace(/\.$/, '');
  const [extra] = node.children.keys();
  if (extra !== undefined) throw unknown(path + extra);
  const { value } = node;
  if (value === undefined) throw new AwsError('MissingParameter', `The parameter ${name} has no value`);
  const wrong = () => new AwsError('InvalidParameterValue', `Invalid value '${value}' for ${name}: ${kind} expected`);
  switch (kind) {
    case 'number':
      if (value === '' || !Number.isFinite(Number(value))) throw wrong();
      return Number(value);
    case 'boolean':
      if (!/^(true|false)$/i.test(value)) throw wrong();
      return value.toLowerCase() === 'true';
    case 'time':
      if (Number.isNaN(Date.parse(value))) throw wrong();
      return new Date(value);
    case 'blob':
      return Buffer.from(value, 'base64');
    default:
      return value;
  }
}

const unknown = (name: string) => new AwsError('UnknownParameter', `The parameter ${name} is not recognized`);
