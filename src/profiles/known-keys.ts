/** Which keys a schema knows, and which of them was probably meant. */
import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The keys that a JSON schema knows at a path, over all branches of its unions. */
export function keysAt(schema: JsonSchema, path: readonly PropertyKey[]): string[] {
  let here = branches(schema);
  for (const step of path) here = here.flatMap((branch) => below(branch, step)).flatMap(branches);
  return [...new Set(here.flatMap((branch) => Object.keys(branch.properties ?? {})))];
}

const branches = (schema: JsonSchema): JsonSchema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].filter(isSchema).flatMap(branches),
];

const below = (schema: JsonSchema, step: PropertyKey): JsonSchema[] =>
  [schema.properties?.[String(step)], schema.additionalProperties, schema.items].filter(isSchema);

const isSchema = (value: unknown): value is JsonSchema =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The end of a complaint about a word: the near miss, else all that is known. */
export function meant(text: string, words: readonly string[]): string {
  if (words.length === 0) return '';
  const word = closest(text, words);
  const near = distance(text, word) <= Math.max(1, Math.floor(word.length / 2.5));
  return near ? `, did you mean "${word}"?` : `; known are ${words.join(', ')}`;
}
