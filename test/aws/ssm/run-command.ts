/** Run Command: a document's script on a machine. A repeated SendCommand runs twice: there is no token. */
import { randomUUID } from 'node:crypto';
import {
  CancelCommand$,
  GetCommandInvocation$,
  ListCommandInvocations$,
  ListCommands$,
  SendCommand$,
  type CancelCommandCommandInput,
  type CancelCommandCommandOutput,
  type Command,
  type CommandInvocation,
  type GetCommandInvocationCommandInput,
  type GetCommandInvocationCommandOutput,
  type ListCommandInvocationsCommandInput,
  type ListCommandInvocationsCommandOutput,
  type ListCommandsCommandInput,
  type ListCommandsCommandOutput,
  type SendCommandCommandInput,
  type SendCommandCommandOutput,
} from '@aws-sdk/client-ssm';
import type { Instance } from '../ec2/instance.js';
import { page } from '../ec2/filters.js';
import { AwsError } from '../protocol/error.js';
import { operation, type Operation } from '../protocol/operation.js';
import { startCommand, type SsmCommand } from './command.js';
import { readDocument, valuesFor } from './document.js';
import { registered, type SsmFleet } from './fleet.js';

const VISIBLE_MS = 1_500;
const DELIVERY_SECONDS = 3_600;
/** What a list shows of a step's output. */
const LISTED_OUTPUT = 2_500;

function send(fleet: SsmFleet, region: string, input: SendCommandCommandInput): SsmCommand {
  const {
    DocumentName = '',
    InstanceIds = [],
    Parameters = {},
    TimeoutSeconds = DELIVERY_SECONDS,
    Comment = '',
  } = input;
  const strange = Object.keys(input).find(
    (name) =>
      !['DocumentName', 'InstanceIds', 'Parameters', 'TimeoutSeconds', 'Comment', 'DocumentVersion'].includes(name),
  );
  if (strange !== undefined)
    throw new AwsError('ValidationException', `The double does not know ${strange} of SendCommand`);
  const stored = fleet.world.documents.get(DocumentName);
  if (stored === undefined) throw new AwsError('InvalidDocument', `document ${DocumentName} does not exist`);
  const document = readDocument(stored.content);
  if (TimeoutSeconds < 30 || TimeoutSeconds > 2_592_000)
    throw new AwsError('ValidationException', 'TimeoutSeconds: 30 to 2592000');
  if (Comment.length > 100) throw new AwsError('ValidationException', 'Comment: at most 100 characters');
  const [instance, ...others] = InstanceIds.map((id) => reached(fleet, region, id));
  if (instance === undefined || others.length > 0)
    throw new AwsError('ValidationException', 'The double sends to one instance');
  const values = valuesFor(document, Parameters);
  const now = fleet.world.now();
  const command: SsmCommand = {
    id: randomUUID(),
    document: DocumentName,
    comment: Comment,
    instance,
    parameters: Parameters,
    requestedAt: now,
    visibleAt: now + VISIBLE_MS,
    expiresAt: now + TimeoutSeconds * 1000,
    status: 'Pending',
    details: 'Pending',
    steps: document.mainSteps.map(({ name }) => ({
      name,
      status: 'Pending',
      details: 'Pending',
      code: -1,
      output: '',
      errors: '',
      startedAt: undefined,
      endedAt: undefined,
    })),
    cancel: () => undefined,
  };
  fleet.commands.push(command);
  const { world, machines, kills } = fleet;
  startCommand(command, { world, machines, document, values, kills, scripted: fleet.outcomes.shift() });
  return command;
}

function reached(fleet: SsmFleet, region: string, id: string): Instance {
  const instance = registered(fleet, region).find((each) => each.id === id);
  if (instance === undefined)
    throw new AwsError(
      'InvalidInstanceId',
      `Instances [[${id}]] not in a valid state for account ${fleet.world.account}`,
    );
  return instance;
}

const viewOf = (command: SsmCommand): Command => ({
  CommandId: command.id,
  DocumentName: command.document,
  DocumentVersion: '$DEFAULT',
  Comment: command.comment,
  InstanceIds: [command.instance.id],
  Parameters: command.parameters,
  RequestedDateTime: new Date(command.requestedAt),
  ExpiresAfter: new Date(command.expiresAt),
  Status: command.status,
  StatusDetails: command.details,
  TargetCount: 1,
  CompletedCount: ['Pending', 'InProgress', 'Cancelling'].includes(command.status) ? 0 : 1,
});

const isOver = (status: string): boolean => status !== 'Pending' && status !== 'InProgress' && status !== 'Cancelling';

function invocation(fleet: SsmFleet, { CommandId, InstanceId, PluginName }: GetCommandInvocationCommandInput) {
  const command = fleet.commands.find(({ id, instance }) => id === CommandId && instance.id === InstanceId);
  if (command === undefined || command.visibleAt > fleet.world.now()) throw new AwsError('InvocationDoesNotExist', '');
  const { steps } = command;
  if (PluginName === undefined && steps.length > 1)
    throw new AwsError('InvalidPluginName', 'The document has several steps: a plugin name is needed');
  const step = PluginName === undefined ? steps[0] : steps.find(({ name }) => name === PluginName);
  if (step === undefined) throw new AwsError('InvalidPluginName', `The plugin name ${String(PluginName)} is not valid`);
  // Until a command ends nothing of its output is told; and a command that ended before its steps tells its own end.
  const own = isOver(step.status) || !isOver(command.status) ? step : { ...step, ...command, code: -1 };
  const iso = (time: number | undefined) => (time === undefined ? '' : new Date(time).toISOString());
  return {
    CommandId: command.id,
    InstanceId: command.instance.id,
    Comment: command.comment,
    DocumentName: command.document,
    DocumentVersion: '$DEFAULT',
    PluginName: step.name,
    ResponseCode: own.code,
    ExecutionStartDateTime: iso(step.startedAt),
    ExecutionEndDateTime: iso(step.endedAt),
    Status: own.status,
    StatusDetails: own.details,
    StandardOutputContent: step.output,
    StandardErrorContent: step.errors,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
  };
}

function listed(fleet: SsmFleet, input: ListCommandsCommandInput): SsmCommand[] {
  const { CommandId, InstanceId, Filters = [] } = input;
  const now = fleet.world.now();
  const fields: Readonly<Record<string, (command: SsmCommand, value: string) => boolean>> = {
    DocumentName: ({ document }, value) => document === value,
    Status: ({ status }, value) => status === value,
    InvokedAfter: ({ requestedAt }, value) => requestedAt > Date.parse(value),
    InvokedBefore: ({ requestedAt }, value) => requestedAt < Date.parse(value),
  };
  const tests = Filters.map(({ key = '', value = '' }) => {
    const field = fields[key];
    if (field === undefined) throw new AwsError('InvalidFilterKey', `The double does not know the filter ${key}`);
    return (command: SsmCommand) => field(command, value);
  });
  return fleet.commands
    .filter(
      (command) =>
        command.visibleAt <= now &&
        (CommandId === undefined || command.id === CommandId) &&
        (InstanceId === undefined || command.instance.id === InstanceId) &&
        tests.every((test) => test(command)),
    )
    .reverse();
}

function invocationView(command: SsmCommand, details: boolean): CommandInvocation {
  return {
    CommandId: command.id,
    InstanceId: command.instance.id,
    Comment: command.comment,
    DocumentName: command.document,
    RequestedDateTime: new Date(command.requestedAt),
    Status: command.status,
    StatusDetails: command.details,
    CommandPlugins: details
      ? command.steps.map(({ name, status, details: StatusDetails, code, output, errors }) => ({
          Name: name,
          // A plugin has no status for being cancelled half-way.
          Status: status === 'Cancelling' ? 'InProgress' : status,
          StatusDetails,
          ResponseCode: code,
          Output: `${output}${errors}`.slice(0, LISTED_OUTPUT),
        }))
      : [],
  };
}

export const commandOperations = (fleet: SsmFleet): Operation[] => [
  operation<SendCommandCommandInput, SendCommandCommandOutput>(SendCommand$, (input, { call }) => ({
    Command: viewOf(send(fleet, call.region, input)),
  })),
  operation<GetCommandInvocationCommandInput, GetCommandInvocationCommandOutput>(GetCommandInvocation$, (input) =>
    invocation(fleet, input),
  ),
  operation<ListCommandsCommandInput, ListCommandsCommandOutput>(ListCommands$, (input) => {
    const { items, next } = page(listed(fleet, input), input, { least: 1, most: 50 });
    return { Commands: items.map(viewOf), ...next };
  }),
  operation<ListCommandInvocationsCommandInput, ListCommandInvocationsCommandOutput>(
    ListCommandInvocations$,
    (input) => {
      const { items, next } = page(listed(fleet, input), input, { least: 1, most: 50 });
      return { CommandInvocations: items.map((command) => invocationView(command, input.Details === true)), ...next };
    },
  ),
  operation<CancelCommandCommandInput, CancelCommandCommandOutput>(CancelCommand$, ({ CommandId, InstanceIds }) => {
    const command = fleet.commands.find(({ id }) => id === CommandId);
    if (command === undefined) throw new AwsError('InvalidCommandId', '');
    if (!isOver(command.status) && (InstanceIds?.includes(command.instance.id) ?? true)) command.cancel();
    return {};
  }),
];
