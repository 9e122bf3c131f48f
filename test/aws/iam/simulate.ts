/** Whether a policy allows an action, as IAM's simulator decides it. */
import type { ContextEntry, EvaluationResult } from '@aws-sdk/client-iam';
import { AwsError } from '../protocol/error.js';

interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

type Context = ReadonlyMap<string, readonly string[]>;

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

export const contextOf = (entries: readonly ContextEntry[]): Context =>
  new Map(
    entries.map(({ ContextKeyName = '', ContextKeyValues = [] }) => [ContextKeyName.toLowerCase(), ContextKeyValues]),
  );

export function evaluate(
  { Statement: statements }: PolicyDocument,
  action: string,
  resource: string,
  context: Context,
): EvaluationResult {
  const missing = new Set<string>();
  const matched = statements.filter(
    (statement) =>
      listOf(statement.Action).some((pattern) => like(action, pattern, true)) &&
      listOf(statement.Resource).some((pattern) => like(resource, withVariables(pattern, context))) &&
      conditionsHold(statement, context, missing),
  );
  const denies = matched.some(({ Effect }) => Effect === 'Deny');
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: denies ? 'explicitDeny' : matched.length > 0 ? 'allowed' : 'implicitDeny',
    MatchedStatements: matched.map(({ Sid }) => ({ SourcePolicyId: Sid ?? '', SourcePolicyType: 'user' as const })),
    MissingContextValues: [...missing],
  };
}

function conditionsHold({ Condition = {} }: Statement, context: Context, missing: Set<string>): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const given = context.get(key.toLowerCase());
      if (given === undefined) missing.add(key);
      return given !== undefined && holds(operator, listOf(wanted), given);
    }),
  );
}

function holds(operator: string, wanted: readonly string[], given: readonly string[]): boolean {
  switch (operator) {
    case 'StringEquals':
      return given.every((value) => wanted.includes(value));
    case 'StringLike':
      return given.every((value) => wanted.some((pattern) => like(value, pattern)));
    case 'Bool':
      return given.every((value) => wanted.includes(value.toLowerCase()));
    default:
      throw new AwsError('PolicyEvaluation', `The double does not know the condition ${operator}`, 500);
  }
}

const withVariables = (pattern: string, context: Context): string =>
  pattern.replace(/\$\{([^}]+)\}/g, (whole, key: string) => context.get(key.toLowerCase())?.[0] ?? whole);

/** With `*` and `?`. */
function like(text: string, pattern: string, ignoreCase = false): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'i' : '').test(text);
}
