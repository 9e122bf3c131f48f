/** Sessions: who starts one is told where its data channel is. */
import {
  ResumeSession$,
  StartSession$,
  TerminateSession$,
  type ResumeSessionCommandInput,
  type ResumeSessionCommandOutput,
  type StartSessionCommandInput,
  type StartSessionCommandOutput,
  type TerminateSessionCommandInput,
  type TerminateSessionCommandOutput,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../protocol/error.js';
import { operation, type Operation } from '../protocol/operation.js';
import type { SessionChannel } from '../service.js';
import { registered, type SsmFleet } from './fleet.js';

function channel({ sessions }: SsmFleet): SessionChannel {
  if (sessions === undefined) throw new AwsError('ValidationException', 'This double was started without sessions');
  return sessions;
}

export const sessionOperations = (fleet: SsmFleet): Operation[] => [
  operation<StartSessionCommandInput, StartSessionCommandOutput>(StartSession$, (input, { call }) => {
    const { Target = '', DocumentName, Parameters } = input;
    // Ansible's connection sends no parameters as an empty map.
    if (DocumentName !== undefined || Object.keys(Parameters ?? {}).length > 0)
      throw new AwsError('InvalidDocument', 'The double knows shell sessions only');
    const reached = registered(fleet, call.region).find(({ id }) => id === Target);
    const started =
      reached !== undefined && fleet.machines.agentAnswers(reached) ? channel(fleet).start(Target) : undefined;
    if (started === undefined) throw new AwsError('TargetNotConnected', `${Target} is not connected.`);
    return started;
  }),
  operation<ResumeSessionCommandInput, ResumeSessionCommandOutput>(ResumeSession$, ({ SessionId = '' }) => {
    const resumed = channel(fleet).resume(SessionId);
    if (resumed === undefined) throw new AwsError('DoesNotExistException', `Session ${SessionId} does not exist`);
    return resumed;
  }),
  operation<TerminateSessionCommandInput, TerminateSessionCommandOutput>(TerminateSession$, ({ SessionId = '' }) => {
    channel(fleet).terminate(SessionId);
    return { SessionId };
  }),
];
