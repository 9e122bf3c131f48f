/** CloudFormation, as far as TAAF speaks to it: change sets that really make what their template says, in the double's world. */
import {
  CreateChangeSet$,
  DeleteStack$,
  DescribeChangeSet$,
  DescribeStackEvents$,
  DescribeStacks$,
  ExecuteChangeSet$,
  GetTemplate$,
  type CreateChangeSetCommandInput,
  type CreateChangeSetCommandOutput,
  type DeleteStackCommandInput,
  type DeleteStackCommandOutput,
  type DescribeChangeSetCommandInput,
  type DescribeChangeSetCommandOutput,
  type DescribeStackEventsCommandInput,
  type DescribeStackEventsCommandOutput,
  type DescribeStacksCommandInput,
  type DescribeStacksCommandOutput,
  type ExecuteChangeSetCommandInput,
  type ExecuteChangeSetCommandOutput,
  type GetTemplateCommandInput,
  type GetTemplateCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../protocol/error.js';
import { operation, type Context } from '../protocol/operation.js';
import { rpcService } from '../protocol/rpc.js';
import { queryWire } from '../protocol/wire.js';
import type { Service, World } from '../service.js';
import { ChangeSets } from './change-sets.js';
import { StackOfDouble } from './stack.js';
import { invalid } from './template.js';

export const cloudFormationService = (world: World): Service => {
  const stacks: StackOfDouble[] = [];
  const sets = new ChangeSets(world);
  /** A stack that is gone answers to its id only. */
  const find = (name = ''): StackOfDouble | undefined =>
    stacks.findLast((stack) => (name.startsWith('arn:') ? stack.id === name : stack.name === name && !stack.isGone));
  const known = (name: string | undefined): StackOfDouble => {
    const stack = find(name);
    if (stack === undefined) throw invalid(`Stack with id ${String(name)} does not exist`);
    return stack;
  };
  const opened = (name: string, { call }: Context): StackOfDouble => {
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) throw invalid(`'stackName' at '${name}' is not valid`);
    const stack = new StackOfDouble(name, { world, region: call.region, accessKey: call.accessKey });
    stacks.push(stack);
    return stack;
  };
  return rpcService(world, {
    name: 'cloudformation',
    wire: queryWire('2010-05-15', 'http://cloudformation.amazonaws.com/doc/2010-05-15/'),
    operations: [
      operation<CreateChangeSetCommandInput, CreateChangeSetCommandOutput>(CreateChangeSet$, (input, context) => {
        const name = input.StackName ?? '';
        const there = find(name);
        const isNew = there === undefined || there.status === 'REVIEW_IN_PROGRESS';
        if (input.ChangeSetType === 'CREATE' && !isNew)
          throw invalid(`Stack [${name}] already exists and cannot be created again with the changeSet.`);
        if (input.ChangeSetType !== 'CREATE' && isNew) throw invalid(`Stack [${name}] does not exist`);
        if (there !== undefined && !isNew && !/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(there.status))
          throw invalid(`Stack:${there.id} is in ${there.status} state and can not be updated.`);
        const set = sets.create(input, there ?? opened(name, context));
        return { Id: set.id, StackId: set.stack.id };
      }),
      operation<DescribeChangeSetCommandInput, DescribeChangeSetCommandOutput>(DescribeChangeSet$, (input) => {
        const set = sets.find(input.ChangeSetName, known(input.StackName));
        return {
          ChangeSetName: set.name,
          ChangeSetId: set.id,
          StackId: set.stack.id,
          StackName: set.stack.name,
          Status: set.status,
          ...(set.reason === undefined ? {} : { StatusReason: set.reason }),
          ExecutionStatus: set.status === 'CREATE_COMPLETE' ? 'AVAILABLE' : 'UNAVAILABLE',
          Changes: set.changes.map(({ name, action }) => ({
            Type: 'Resource',
            ResourceChange: { LogicalResourceId: name, Action: action },
          })),
        };
      }),
      operation<ExecuteChangeSetCommandInput, ExecuteChangeSetCommandOutput>(ExecuteChangeSet$, (input) => {
        const set = sets.find(input.ChangeSetName, known(input.StackName));
        if (set.status !== 'CREATE_COMPLETE')
          throw new AwsError(
            'InvalidChangeSetStatus',
            `ChangeSet [${set.id}] cannot be executed in its current status`,
          );
        sets.execute(set, input.ClientRequestToken);
        return {};
      }),
      operation<DescribeStacksCommandInput, DescribeStacksCommandOutput>(DescribeStacks$, (input) => {
        const found = input.StackName === undefined ? stacks.filter(({ isGone }) => !isGone) : [known(input.StackName)];
        return {
          Stacks: found.map((stack) => ({
            StackId: stack.id,
            StackName: stack.name,
            StackStatus: stack.status,
            CreationTime: stack.created,
            Outputs: stack.outputs,
            Tags: [...stack.tags].map(([Key, Value]) => ({ Key, Value })),
          })),
        };
      }),
      operation<DescribeStackEventsCommandInput, DescribeStackEventsCommandOutput>(DescribeStackEvents$, (input) => ({
        StackEvents: [...known(input.StackName).events].reverse(),
      })),
      operation<GetTemplateCommandInput, GetTemplateCommandOutput>(GetTemplate$, (input) => ({
        TemplateBody: known(input.StackName).body,
        StagesAvailable: ['Original', 'Processed'],
      })),
      operation<DeleteStackCommandInput, DeleteStackCommandOutput>(DeleteStack$, (input) => {
        const stack = find(input.StackName);
        if (stack !== undefined && !stack.isGone) void stack.remove(input.ClientRequestToken);
        return {};
      }),
    ],
  });
};
