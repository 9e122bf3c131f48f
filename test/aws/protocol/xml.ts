/** Answers of the query protocols as XML: names and nesting come from the model. */
import type { Member, Shape } from './shape.js';

export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // A bare carriage return would be read as a line feed.
    .replaceAll('\r', '&#xD;');

export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** The members of `value` as elements, without a root. */
export function encodeXml(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'unit':
      return '';
    case 'struct': {
      const record = value as Readonly<Record<string, unknown>>;
      const names = new Set(shape.members.map(({ name }) => name));
      const extra = Object.keys(record).find((name) => !names.has(name));
      if (extra !== undefined) throw new Error(`the double answers with ${extra}, which the model does not have`);
      return shape.members.map((member) => encodeMember(member, record[member.name])).join('');
    }
    case 'list':
      return (value as readonly unknown[])
        .map((item) => element(shape.item.names.xmlName ?? 'member', encodeXml(shape.item.shape(), item)))
        .join('');
    case 'map':
      return Object.entries(value as Record<string, unknown>)
        .map(([key, item]) =>
          element(
            'entry',
            element(shape.key.names.xmlName ?? 'key', escapeXml(key)) +
              element(shape.value.names.xmlName ?? 'value', encodeXml(shape.value.shape(), item)),
          ),
        )
        .join('');
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'time':
      return (value as Date).toISOString();
    case 'string':
    case 'number':
    case 'boolean':
    case 'document':
      return escapeXml(String(value));
  }
}

function encodeMember({ name, names, shape }: Member, value: unknown): string {
  if (value === undefined || value === null) return '';
  const tag = names.xmlName ?? name;
  const inner = shape();
  if (names.flat && inner.kind === 'list')
    return (value as readonly unknown[]).map((item) => element(tag, encodeXml(inner.item.shape(), item))).join('');
  return element(tag, encodeXml(inner, value));
}
