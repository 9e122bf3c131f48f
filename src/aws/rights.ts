/** Whether a person or role has rights, asked of IAM before anything depends on them. */
import type { ContextEntry, EvaluationResult } from '@aws-sdk/client-iam';
import type { AwsClients } from './clients.js';
import { awsCode, awsFailure } from './errors.js';
import type { AwsIdentity } from './identity.js';
import type { Right } from './laptop-rights.js';
import { listOf } from './policy.js';

/** What IAM says of a right; `missing` names the actions that are not allowed. */
export interface RightVerdict {
  readonly right: Right;
  readonly missing: readonly string[];
}

/**
 * `undefined` where IAM cannot be asked: for the account's root, or without the right to ask.
 * Policies of an organisation and of resources are not in the answer.
 */
export async function simulatedRights(
  clients: AwsClients,
  identity: AwsIdentity,
  rights: readonly Right[],
): Promise<RightVerdict[] | undefined> {
  const principal = await principalArn(clients, identity);
  if (principal === undefined) return undefined;
  const verdicts: RightVerdict[] = [];
  for (const right of rights) {
    const results = await simulate(clients, principal, right);
    if (results === undefined) return undefined;
    verdicts.push({ right, missing: missingIn(results) });
  }
  return verdicts;
}

const denied = new Set(['AccessDenied', 'AccessDeniedException']);

/** The one that has policies: a session's ARN names the role without its path. */
async function principalArn(
  clients: AwsClients,
  { arn, principal: { kind, name } }: AwsIdentity,
): Promise<string | undefined> {
  if (kind === 'root') return undefined;
  if (kind === 'user') return arn.includes(':iam:') ? arn : undefined;
  const [iam, { GetRoleCommand }] = await Promise.all([clients.iam(), import('@aws-sdk/client-iam')]);
  try {
    return (await iam.send(new GetRoleCommand({ RoleName: name }))).Role?.Arn;
  } catch (error) {
    if (denied.has(awsCode(error) ?? '')) return undefined;
    throw awsFailure(error, `The role ${name} could not be looked at`);
  }
}

async function simulate(
  clients: AwsClients,
  principal: string,
  { purpose, statement }: Right,
): Promise<EvaluationResult[] | undefined> {
  const [iam, { SimulatePrincipalPolicyCommand }] = await Promise.all([clients.iam(), import('@aws-sdk/client-iam')]);
  try {
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: principal,
        ActionNames: [...listOf(statement.Action)],
        ResourceArns: listOf(statement.Resource).map(sampleOf),
        ContextEntries: contextOf(statement),
      }),
    );
    return EvaluationResults;
  } catch (error) {
    if (denied.has(awsCode(error) ?? '')) return undefined;
    throw awsFailure(error, `IAM could not be asked whether this computer may ${purpose}`);
  }
}

const USER_ID = 'AIDATAAFCHECK';

/** One resource out of those that a pattern means. */
const sampleOf = (arn: string): string =>
  arn === '*' ? arn : arn.replaceAll('${aws:userid}', USER_ID).replaceAll('*', '0');

/** The request as it will be made: with the values that the statement's own conditions want. */
const contextOf = ({ Condition = {} }: Right['statement']): ContextEntry[] => [
  { ContextKeyName: 'aws:userid', ContextKeyType: 'string', ContextKeyValues: [USER_ID] },
  ...Object.values(Condition)
    .flatMap((keys) => Object.entries(keys))
    .map(([key, value]) => ({
      ContextKeyName: key,
      ContextKeyType: 'string' as const,
      ContextKeyValues: [...listOf(value)].slice(0, 1),
    })),
];

/** Each action once. An answer for several resources says so for each of them, in one result or in many. */
function missingIn(results: readonly EvaluationResult[]): string[] {
  const refused = results.filter(
    ({ EvalDecision, ResourceSpecificResults = [] }) =>
      EvalDecision !== 'allowed' ||
      ResourceSpecificResults.some(({ EvalResourceDecision }) => EvalResourceDecision !== 'allowed'),
  );
  return [...new Set(refused.flatMap(({ EvalActionName }) => EvalActionName ?? []))];
}
