/** YAML text against a schema; every complaint names file, line and column, the key, and the word that was probably meant. */
import { isAlias, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';
import { Failure } from '../domain/failures.js';
import { keysAt, meant, type JsonSchema } from './known-keys.js';
import { offsetOf, strayKey } from './locate.js';

interface Reading {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** Texts that template engines would run when the profile is handed on. */
const TEMPLATES = /\{\{|\{%|\{#/;

/**
 * Reads one YAML document.
 * @param file path or name for the messages
 * @throws Failure `usage` at the first thing that is wrong
 */
export function readDocument<S extends z.ZodType>(text: string, file: string, schema: S): z.output<S> {
  const lines = new LineCounter();
  const reading = { file, lines, document: parseDocument(text, { lineCounter: lines, prettyErrors: false }) };
  const [broken] = [...reading.document.errors, ...reading.document.warnings];
  if (broken) throw complaint(reading, broken.pos[0], broken.message);
  refuseTricks(reading);
  const result = schema.safeParse(reading.document.toJS() as unknown);
  if (result.success) return result.data;
  throw explained(reading, result.error.issues, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function complaint({ file, lines }: Reading, offset: number, what: string): Failure {
  const { line, col } = lines.linePos(offset);
  return new Failure('usage', `${file}:${line}:${col}: ${what}`, { next: `Correct ${file}` });
}

function refuseTricks(reading: Reading): void {
  visit(reading.document, {
    Node(_key, node) {
      const offset = node.range?.[0] ?? 0;
      if (isAlias(node) || node.anchor !== undefined)
        throw complaint(reading, offset, 'anchors and aliases are not supported');
      if (node.tag !== undefined && !/^tag:yaml\.org,2002:(str|map|seq)$/.test(node.tag)) {
        throw complaint(reading, offset, `the tag ${node.tag} is not supported`);
      }
      if (isScalar(node) && typeof node.value === 'string' && TEMPLATES.test(node.value)) {
        throw complaint(reading, offset, 'templates ({{, {%, {#) are not supported');
      }
      return undefined;
    },
  });
}

/** What to correct first: an unknown key goes before the missing one that it was meant to be. */
function explained(reading: Reading, issues: readonly z.core.$ZodIssue[], schema: JsonSchema): Failure {
  const [issue] = issues.toSorted((a, b) => rank(a) - rank(b));
  const stray = strayKey(reading.document.contents, (path) => keysAt(schema, path)) ?? unknownIn(issue);
  if (stray) return unknownKey(reading, stray, keysAt(schema, stray.slice(0, -1)));
  const path = issue?.path ?? [];
  const name = path.length === 0 ? 'the file' : `"${path.join('.')}"`;
  const given = reading.document.getIn(path);
  const allowed = issue && allowedBy(issue);
  const wrong = allowed && typeof given === 'string' ? `cannot be "${given}"${meant(given, allowed)}` : issue?.message;
  return complaint(reading, offsetOf(reading.document, path, 'value'), `${name}: ${wrong ?? 'is not as it should be'}`);
}

const rank = ({ code }: z.core.$ZodIssue): number => (code === 'unrecognized_keys' ? 0 : 1);

/** Path of a key that is known, but not in this place: an option of another engine. */
const unknownIn = (issue: z.core.$ZodIssue | undefined): readonly PropertyKey[] | undefined =>
  issue?.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : undefined;

function unknownKey(reading: Reading, path: readonly PropertyKey[], known: readonly string[]): Failure {
  const key = String(path.at(-1));
  const what = known.includes(key) ? `"${key}" does not belong here` : `unknown key "${key}"${meant(key, known)}`;
  return complaint(reading, offsetOf(reading.document, path, 'key'), what);
}

function allowedBy(issue: z.core.$ZodIssue): readonly string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union' && 'options' in issue) return (issue.options as unknown[]).map(String);
  return undefined;
}
