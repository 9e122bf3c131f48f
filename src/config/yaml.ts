/** A YAML text checked by a schema; whatever is wrong is named by file, line and column, with a suggestion for a mistyped key. */
import { closest, distance } from 'fastest-levenshtein';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { z } from 'zod';
import { Failure } from '../domain/failures.js';

export interface YamlFile<T> {
  readonly value: T;
  /** Line (from 1) of the value at a path, or of the nearest thing above it. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

export interface YamlRules<T> {
  readonly schema: z.ZodType<T>;
  /** What to say about keys that are well known, but wrong in this file. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** @throws Failure `usage` with one line `file:line:column: …` per mistake */
export function readYaml<T>(text: string, file: string, rules: YamlRules<T>): YamlFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => lines.linePos(offset);
  const place = (offset: number) => `${file}:${at(offset).line}:${at(offset).col}`;
  const broken = document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`);
  if (broken.length > 0) throw mistakes(broken);
  // An empty file, or one with comments only, is the value null: no settings at all.
  const result = rules.schema.safeParse(document.toJS() ?? {});
  if (result.success) return { value: result.data, lineOf: (path) => at(offsetOf(document, path)).line };
  throw mistakes(
    result.error.issues.flatMap((issue) =>
      complaints(issue, rules).map(
        ({ path, text: what, isKey }) => `${place(offsetOf(document, path, isKey))}: ${what}`,
      ),
    ),
  );
}

function mistakes(lines: readonly string[]): Failure {
  const [first = '', ...rest] = lines;
  const next = 'Mend the file; docs/config.example.yaml shows every key';
  return new Failure('usage', first, { next, ...(rest.length === 0 ? {} : { evidence: rest.join('\n') }) });
}

/** Offset of a value, or of its key, or of the nearest thing above it. */
function offsetOf(document: Document, path: readonly PropertyKey[], isKey = false): number {
  const parent = path.length > 0 ? document.getIn(path.slice(0, -1), true) : undefined;
  if (isKey && isMap(parent)) {
    const key = parent.items.find((pair) => isScalar(pair.key) && pair.key.value === path.at(-1))?.key;
    if (isNode(key) && key.range) return key.range[0];
  }
  const node = document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}

interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly text: string;
  readonly isKey: boolean;
}

function complaints<T>(issue: z.core.$ZodIssue, rules: YamlRules<T>): Complaint[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ path: issue.path, text: `${issue.path.join('.')}: ${issue.message}`, isKey: false }];
  }
  const known = keysAt(z.toJSONSchema(rules.schema, { io: 'input' }), issue.path);
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    text: `unknown key "${key}"${rules.elsewhere?.[key] ?? suggestion(key, known)}`,
    isKey: true,
  }));
}

function suggestion(key: string, known: readonly string[]): string {
  const best = known.length > 0 ? closest(key, [...known]) : '';
  return best !== '' && distance(key, best) <= Math.max(2, best.length / 3) ? `, did you mean "${best}"?` : '';
}

/** The keys that a JSON Schema knows at a path. */
function keysAt(schema: z.core.JSONSchema._JSONSchema, path: readonly PropertyKey[]): string[] {
  if (typeof schema === 'boolean') return [];
  const [head, ...rest] = path;
  if (head === undefined) return Object.keys(schema.properties ?? {});
  const inner = schema.properties?.[String(head)] ?? schema.additionalProperties;
  return inner === undefined ? [] : keysAt(inner, rest);
}
