/** IAM, as far as TAAF speaks to it: whether a principal may do something, by the policy that a script gives it. */
import {
  GetRole$,
  SimulatePrincipalPolicy$,
  type GetRoleCommandInput,
  type GetRoleCommandOutput,
  type SimulatePrincipalPolicyCommandInput,
  type SimulatePrincipalPolicyCommandOutput,
} from '@aws-sdk/client-iam';
import { AwsError } from '../protocol/error.js';
import { operation } from '../protocol/operation.js';
import { rpcService } from '../protocol/rpc.js';
import { queryWire } from '../protocol/wire.js';
import type { Service, World } from '../service.js';
import { contextOf, evaluate, type PolicyDocument } from './simulate.js';

/** Policies by the ARN of the user or role; one that has none in here may do everything. */
export type Policies = ReadonlyMap<string, PolicyDocument>;

const everything: PolicyDocument = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export const iamService = (world: World, policies: Policies): Service =>
  rpcService(world, {
    name: 'iam',
    wire: queryWire('2010-05-08', 'https://iam.amazonaws.com/doc/2010-05-08/'),
    operations: [
      operation<SimulatePrincipalPolicyCommandInput, SimulatePrincipalPolicyCommandOutput>(
        SimulatePrincipalPolicy$,
        ({ PolicySourceArn = '', ActionNames = [], ResourceArns = ['*'], ContextEntries = [] }) => {
          // A session's ARN (sts, assumed-role) is none that has policies.
          if (!/^arn:aws:iam::\d{12}:(user|role|group)\/.+/.test(PolicySourceArn))
            throw new AwsError('InvalidInput', `Invalid Entity Arn: ${PolicySourceArn}`);
          for (const arn of ResourceArns)
            if (arn !== '*' && !/^arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d*:.+/.test(arn))
              throw new AwsError('InvalidInput', `Invalid Arn: ${arn}`);
          const policy = policies.get(PolicySourceArn) ?? everything;
          const context = contextOf(ContextEntries);
          return {
            IsTruncated: false,
            EvaluationResults: ActionNames.flatMap((action) =>
              ResourceArns.map((resource) => evaluate(policy, action, resource, context)),
            ),
          };
        },
      ),
      operation<GetRoleCommandInput, GetRoleCommandOutput>(GetRole$, ({ RoleName = '' }) => {
        const arn = [...policies.keys()].find((each) => each.includes(':role/') && each.endsWith(`/${RoleName}`));
        const made = `arn:aws:iam::${world.account}:role/${RoleName}`;
        if (arn === undefined && !world.resources.has(made))
          throw new AwsError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, 404);
        const found = arn ?? made;
        return {
          Role: {
            Path: `/${found.split('/').slice(1, -1).join('/')}`,
            RoleName,
            RoleId: 'AROA0D0B1E',
            Arn: found,
            CreateDate: new Date(0),
          },
        };
      }),
    ],
  });
