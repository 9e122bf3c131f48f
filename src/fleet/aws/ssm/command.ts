/** One run of the agent's document on one machine: sent once, then watched to its end. */
import type { SSMClient } from '@aws-sdk/client-ssm';
import { awsCode, awsFailure } from '../../../aws/errors.js';
import { Failure } from '../../../domain/failures.js';
import { pause } from '../../../process/pause.js';
import type { Target } from '../ports.js';
import { SCRIPT_SECONDS, type Action } from './document.js';
import { evidenceOf, outcomeOf, type Invocation } from './outcome.js';

/** Seconds in which a command must reach the machine: SSM's own least is 30. */
const DELIVERY_SECONDS = 60;

export interface Sending {
  readonly ssm: SSMClient;
  /** Name of the document. */
  readonly document: string;
  readonly target: Target;
  readonly signal?: AbortSignal;
  /** Milliseconds: between two looks; how long a fresh command may be unknown to SSM; how long it may take beyond its own limits. */
  readonly look: number;
  readonly unknown: number;
  readonly grace: number;
}

/**
 * Runs one action to its end; the script's output.
 * SendCommand knows no token: when its reply is lost it may run twice, and the scripts on the machine are made for that.
 * @throws Failure as `outcomeOf` says; `machine-lost` when SSM does not know the machine, or its agent fell silent; `cancelled`
 */
export async function runAction(action: Action, sending: Sending): Promise<string> {
  const id = await send(action, sending);
  const began = performance.now();
  const limit = (DELIVERY_SECONDS + SCRIPT_SECONDS) * 1000 + sending.grace;
  for (;;) {
    const invocation = await look(id, sending, performance.now() - began < sending.unknown);
    const outcome = invocation === undefined ? 'waiting' : outcomeOf(invocation);
    if (outcome === 'success') return invocation?.StandardOutputContent ?? '';
    if (outcome !== 'waiting' && invocation) throw failed(action, sending.target, outcome, evidenceOf(invocation));
    if (performance.now() - began > limit)
      throw failed(action, sending.target, SILENT, invocation?.Status ?? 'no status');
    await pause(sending.look, sending.signal);
    if (sending.signal?.aborted)
      throw new Failure('cancelled', `Waiting for ${sending.target.ref.machine} was stopped`);
  }
}

/** SSM says InProgress for ever when the agent on the machine dies. */
const SILENT = { kind: 'machine-lost', why: 'SSM’s agent on the machine fell silent' } as const;

const failed = (
  action: Action,
  { ref }: Target,
  { kind, why }: typeof SILENT | Exclude<Outcome, string>,
  evidence: string,
) => new Failure(kind, `${ref.machine}: ${action}: ${why}`, { evidence });

type Outcome = ReturnType<typeof outcomeOf>;

async function send(action: Action, { ssm, document, target }: Sending): Promise<string> {
  const { SendCommandCommand } = await import('@aws-sdk/client-ssm');
  const { machine } = target.ref;
  try {
    const { Command } = await ssm.send(
      new SendCommandCommand({
        DocumentName: document,
        InstanceIds: [target.instanceId],
        Parameters: { action: [action], machine: [machine] },
        Comment: `${action} ${machine}`,
        TimeoutSeconds: DELIVERY_SECONDS,
      }),
    );
    if (Command?.CommandId !== undefined) return Command.CommandId;
    throw new Failure('bug', 'SSM sent a command without an id');
  } catch (error) {
    throw awsFailure(error, `${machine} could not be told to ${action}`, {
      InvalidInstanceId: 'machine-lost',
      InvalidDocument: 'permission',
      InvalidParameters: 'bug',
      UnsupportedPlatformType: 'bug',
    });
  }
}

/** A command that was just sent may not be known yet. */
async function look(id: string, { ssm, target }: Sending, fresh: boolean): Promise<Invocation | undefined> {
  const { GetCommandInvocationCommand } = await import('@aws-sdk/client-ssm');
  const question = { CommandId: id, InstanceId: target.instanceId, PluginName: target.system };
  try {
    return await ssm.send(new GetCommandInvocationCommand(question));
  } catch (error) {
    if (fresh && awsCode(error) === 'InvocationDoesNotExist') return undefined;
    throw awsFailure(error, `The command to ${target.ref.machine} could not be looked at`, {
      InvocationDoesNotExist: 'machine-lost',
    });
  }
}
