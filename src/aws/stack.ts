/** One CloudFormation stack: made or brought to a template by a change set, or removed. Each is safe to repeat after any interruption. */
import { randomUUID } from 'node:crypto';
import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import { canonicalJson } from '../disk/hash.js';
import { Failure } from '../domain/failures.js';
import { pause } from '../process/pause.js';
import { awsCode, awsFailure } from './errors.js';
import { eventsAfter, firstFailure, lineOf, newestEvent } from './stack-events.js';

export interface StackWatch {
  readonly signal: AbortSignal;
  /** One line for each step that AWS tells of. */
  readonly report: (line: string) => void;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
}

export interface StackWish {
  readonly name: string;
  readonly template: object;
  /** CloudFormation puts them on everything that can have tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The stack, or `undefined`: CloudFormation's answer for a name that it does not know is a `ValidationError`. */
export async function findStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return stack?.StackStatus === 'DELETE_COMPLETE' ? undefined : stack;
  } catch (error) {
    if (awsCode(error) === 'ValidationError') return undefined;
    throw awsFailure(error, `The stack ${name} could not be looked at`);
  }
}

export type StackChange = 'created' | 'updated' | 'unchanged';

/** How often a change that another one has overtaken is tried again. */
const ROUNDS = 3;

/** Makes the stack, or changes it to the template. @throws Failure with the first reason that AWS gives */
export async function ensureStack(
  client: CloudFormationClient,
  wish: StackWish,
  watch: StackWatch,
): Promise<StackChange> {
  let attempted: StackChange = 'unchanged';
  for (let round = 0; round < ROUNDS; round++) {
    const isNew = await isToBeMade(client, wish.name, watch);
    if (!isNew && (await isLike(client, wish))) return attempted;
    attempted = isNew ? 'created' : 'updated';
    if (await change(client, wish, isNew, watch)) return attempted;
    watch.report('The change was overtaken: looking again');
  }
  throw new Failure('configure-failed', `Others keep changing the stack ${wish.name}`, {
    next: 'Let one of them finish, then run: taaf aws init',
  });
}

/** Whether there is no stack yet. @throws Failure where there is one that cannot be changed any more */
async function isToBeMade(client: CloudFormationClient, name: string, watch: StackWatch): Promise<boolean> {
  const stack = await settled(client, name, watch);
  const status = stack?.StackStatus;
  if (status === 'ROLLBACK_COMPLETE') {
    watch.report('What an earlier attempt has left is removed first');
    await removeStack(client, name, watch);
    return true;
  }
  if (status?.endsWith('FAILED')) throw stuck(name, status);
  return status === undefined || status === 'REVIEW_IN_PROGRESS';
}

/** Removes the stack and waits until it is gone; one that is not there is no error. */
export async function removeStack(client: CloudFormationClient, name: string, watch: StackWatch): Promise<void> {
  const { DeleteStackCommand } = await import('@aws-sdk/client-cloudformation');
  const stack = await findStack(client, name);
  // By its id: a removed stack answers to nothing else.
  if (stack?.StackId === undefined) return;
  let left: Unwell | undefined;
  try {
    const last = await newestEvent(client, stack.StackId);
    await client.send(new DeleteStackCommand({ StackName: stack.StackId, ClientRequestToken: randomUUID() }));
    left = await followed(client, stack.StackId, last, watch);
  } catch (error) {
    throw awsFailure(error, `The stack ${name} could not be removed`);
  }
  if (left !== undefined)
    throw new Failure('configure-failed', `The stack ${name} could not be removed: AWS left it in ${left.status}`, {
      ...(left.reason === undefined ? {} : { evidence: left.reason }),
      next: 'Remove what the evidence names, then run: taaf aws remove',
    });
}

/** What is not whole and cannot be changed any more, with the way out. */
function stuck(name: string, status: string): Failure {
  const next =
    status === 'UPDATE_ROLLBACK_FAILED'
      ? `Run: aws cloudformation continue-update-rollback --stack-name ${name}, then: taaf aws init`
      : 'Run: taaf aws remove, then: taaf aws init';
  return new Failure('configure-failed', `The stack ${name} is in ${status}: AWS changes it no more`, { next });
}

/** The stack when nobody works on it. */
async function settled(client: CloudFormationClient, name: string, watch: StackWatch): Promise<Stack | undefined> {
  for (let told = false; ; told = true) {
    const stack = await findStack(client, name);
    if (!stack?.StackStatus?.endsWith('_IN_PROGRESS') || stack.StackStatus === 'REVIEW_IN_PROGRESS') return stack;
    if (!told) watch.report(`AWS is at work on the stack ${name}: waiting`);
    await rest(watch);
  }
}

/** Compared by meaning: a change set without changes fails, and only its text would say why. */
async function isLike(client: CloudFormationClient, { name, template }: StackWish): Promise<boolean> {
  const { GetTemplateCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { TemplateBody: body = '{}' } = await client.send(
      new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' }),
    );
    return canonicalJson(JSON.parse(body)) === canonicalJson(template);
  } catch (error) {
    throw awsFailure(error, `The template of the stack ${name} could not be read`);
  }
}

/** What is said of a change set that another execution has voided, or our own one whose answer was lost. */
const overtaken = new Set(['ChangeSetNotFound', 'InvalidChangeSetStatus']);

/** @returns false where the change set was overtaken before it was done */
async function change(
  client: CloudFormationClient,
  wish: StackWish,
  isNew: boolean,
  watch: StackWatch,
): Promise<boolean> {
  const sdk = await import('@aws-sdk/client-cloudformation');
  const token = randomUUID();
  const set = { StackName: wish.name, ChangeSetName: `taaf-${token}` };
  try {
    const { StackId: stackId = wish.name } = await client.send(
      new sdk.CreateChangeSetCommand({
        ...set,
        ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
        TemplateBody: JSON.stringify(wish.template),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        Tags: Object.entries(wish.tags).map(([Key, Value]) => ({ Key, Value })),
        ClientToken: token,
      }),
    );
    await readied(client, set, watch);
    const last = await newestEvent(client, stackId);
    await client.send(new sdk.ExecuteChangeSetCommand({ ...set, ClientRequestToken: token }));
    const failed = await followed(client, stackId, last, watch);
    if (failed !== undefined) throw unmade(wish.name, isNew, failed);
    return true;
  } catch (error) {
    if (overtaken.has(awsCode(error) ?? '')) return false;
    throw awsFailure(error, `The stack ${wish.name} could not be ${isNew ? 'made' : 'changed'}`);
  }
}

const unmade = (name: string, isNew: boolean, { status, reason }: Unwell): Failure =>
  new Failure('configure-failed', `AWS could not ${isNew ? 'make' : 'change'} the stack ${name} (${status})`, {
    ...(reason === undefined ? {} : { evidence: reason }),
    next: 'Mend what the evidence names, then run: taaf aws init',
  });

/** Waits until the change set can be executed. */
async function readied(
  client: CloudFormationClient,
  set: { readonly StackName: string; readonly ChangeSetName: string },
  watch: StackWatch,
): Promise<void> {
  const { DescribeChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
  for (;;) {
    const found = await client.send(new DescribeChangeSetCommand(set));
    if (found.Status === 'CREATE_COMPLETE') return;
    if (found.Status === 'FAILED')
      throw new Failure('configure-failed', `AWS refuses the change of the stack ${set.StackName}`, {
        ...(found.StatusReason === undefined ? {} : { evidence: found.StatusReason }),
        next: 'Mend what the evidence names, then run: taaf aws init',
      });
    await rest(watch);
  }
}

/** How an operation ended that did not end well. */
interface Unwell {
  readonly status: string;
  readonly reason?: string;
}

const ended = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE']);

/** Tells what happens until the operation is over; `undefined` where it ended well. */
async function followed(
  client: CloudFormationClient,
  stackId: string,
  last: string | undefined,
  watch: StackWatch,
): Promise<Unwell | undefined> {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  let told = 0;
  for (;;) {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
    const events = await eventsAfter(client, stackId, last);
    for (const event of events.slice(told)) watch.report(lineOf(event));
    told = events.length;
    const status = stack?.StackStatus ?? '';
    if (ended.has(status)) return undefined;
    if (!status.endsWith('_IN_PROGRESS')) {
      const reason = firstFailure(events) ?? stack?.StackStatusReason;
      return { status, ...(reason === undefined ? {} : { reason }) };
    }
    await rest(watch);
  }
}

async function rest({ signal, everyMs }: StackWatch): Promise<void> {
  await pause(everyMs, signal);
  if (signal.aborted)
    throw new Failure('cancelled', 'The waiting was ended; AWS goes on by itself', {
      next: 'Run the same command again: it goes on where AWS is',
    });
}
