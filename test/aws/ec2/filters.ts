/** Filters and pages of EC2's Describe actions. */
import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';

/** What a filter of a name looks at; a value `*` or `?` in a filter is a wildcard. */
export type FilterFields<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

/** @throws AwsError `InvalidParameterValue` for a filter that the double does not know */
export function matching<T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: FilterFields<T>,
  tagsOf?: (item: T) => readonly Tag[],
): T[] {
  const tests = (filters ?? []).map(({ Name = '', Values = [] }) => {
    const patterns = Values.map(wildcard);
    const field = fieldOf(Name, fields, tagsOf);
    return (item: T) => field(item).some((value) => value !== undefined && patterns.some((each) => each.test(value)));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

function fieldOf<T>(name: string, fields: FilterFields<T>, tagsOf: ((item: T) => readonly Tag[]) | undefined) {
  const field = fields[name];
  if (field !== undefined) return field;
  if (tagsOf !== undefined && name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return (item: T) =>
      tagsOf(item)
        .filter(({ Key }) => Key === key)
        .map(({ Value }) => Value ?? '');
  }
  if (tagsOf !== undefined && name === 'tag-key') return (item: T) => tagsOf(item).map(({ Key }) => Key);
  throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
}

function wildcard(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`, 's');
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: { readonly NextToken?: string };
}

/** @throws AwsError `InvalidParameterValue` for a size out of bounds or a strange token */
export function page<T>(
  items: readonly T[],
  {
    MaxResults: size,
    NextToken: token,
  }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
  { least = 5, most = 1000 } = {},
): Page<T> {
  if (size !== undefined && (size < least || size > most))
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between ${least} and ${most}.`,
    );
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(from)) throw new AwsError('InvalidParameterValue', 'Unable to parse pagination token');
  const to = from + (size ?? most);
  return {
    items: items.slice(from, to),
    next: to < items.length ? { NextToken: Buffer.from(String(to)).toString('base64') } : {},
  };
}
