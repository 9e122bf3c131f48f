/** Looking at instances: lists with filters and pages, states, single attributes. */
import {
  DescribeInstanceAttribute$,
  DescribeInstances$,
  DescribeInstanceStatus$,
  type DescribeInstanceAttributeCommandInput,
  type DescribeInstanceAttributeCommandOutput,
  type DescribeInstancesCommandInput,
  type DescribeInstancesCommandOutput,
  type DescribeInstanceStatusCommandInput,
  type DescribeInstanceStatusCommandOutput,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';
import { operation, type Answer, type Operation } from '../protocol/operation.js';
import type { Account } from './account.js';
import { matching, page, type FilterFields } from './filters.js';
import { stateCodes, viewOf, type Instance } from './instance.js';

const fields: FilterFields<Instance> = {
  'instance-id': ({ id }) => [id],
  'client-token': ({ token }) => [token],
  'instance-state-name': ({ state }) => [state],
  'instance-state-code': ({ state }) => [String(stateCodes[state])],
  'instance-type': ({ type }) => [type],
  'instance-lifecycle': ({ market }) => [market === 'spot' ? 'spot' : undefined],
  'availability-zone': ({ subnet }) => [subnet.zone],
  'subnet-id': ({ subnet }) => [subnet.id],
  'vpc-id': ({ subnet }) => [subnet.vpc],
  'image-id': ({ image }) => [image.id],
  'reservation-id': ({ reservation }) => [reservation],
  'private-ip-address': ({ address }) => [address],
  'iam-instance-profile.arn': ({ profileArn }) => [profileArn],
};

/**
 * Instances by their ids.
 * @throws AwsError `InvalidInstanceID.NotFound`, also for one that is only just launched: one bad id spoils the whole call
 */
export function byIds(account: Account, region: string, ids: readonly string[]): Instance[] {
  const listed = account.instances.listed(region);
  return ids.map((id) => {
    if (!/^i-[0-9a-f]{8,17}$/.test(id)) throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
    const instance = listed.find((each) => each.id === id);
    if (instance === undefined)
      throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
    return instance;
  });
}

export const describeInstances = (account: Account): Operation =>
  operation<DescribeInstancesCommandInput, DescribeInstancesCommandOutput>(DescribeInstances$, (input, { call }) => {
    const { InstanceIds: ids, MaxResults } = input;
    if (ids !== undefined && MaxResults !== undefined)
      throw new AwsError(
        'InvalidParameterCombination',
        'The parameter instancesSet cannot be used with the parameter maxResults',
      );
    const candidates = ids === undefined ? account.instances.listed(call.region) : byIds(account, call.region, ids);
    const found = matching(candidates, input.Filters, fields, ({ tags }) => tags);
    const { items, next } = page(found, input);
    const reservations = new Set(items.map(({ reservation }) => reservation));
    return {
      Reservations: [...reservations].map((ReservationId) => ({
        ReservationId,
        OwnerId: account.world.account,
        Groups: [],
        Instances: items.filter(({ reservation }) => reservation === ReservationId).map(viewOf),
      })),
      ...next,
    };
  });

export const describeInstanceStatus = (account: Account): Operation =>
  operation<DescribeInstanceStatusCommandInput, DescribeInstanceStatusCommandOutput>(
    DescribeInstanceStatus$,
    (input, { call }) => {
      const { InstanceIds: ids } = input;
      const candidates = ids === undefined ? account.instances.listed(call.region) : byIds(account, call.region, ids);
      const all =
        input.IncludeAllInstances === true ? candidates : candidates.filter(({ state }) => state === 'running');
      const { items, next } = page(
        matching(all, input.Filters, fields, ({ tags }) => tags),
        input,
      );
      return {
        InstanceStatuses: items.map(({ id, state, subnet }) => ({
          InstanceId: id,
          AvailabilityZone: subnet.zone,
          InstanceState: { Code: stateCodes[state], Name: state },
        })),
        ...next,
      };
    },
  );

export const describeInstanceAttribute = (account: Account): Operation =>
  operation<DescribeInstanceAttributeCommandInput, DescribeInstanceAttributeCommandOutput>(
    DescribeInstanceAttribute$,
    ({ InstanceId = '', Attribute }, { call }) => {
      const [instance] = byIds(account, call.region, [InstanceId]);
      if (instance === undefined) throw new Error('byIds gives one for each id');
      const known: Readonly<Record<string, Answer<DescribeInstanceAttributeCommandOutput>>> = {
        instanceInitiatedShutdownBehavior: { InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior } },
        userData: { UserData: { Value: instance.userData?.toString('base64') } },
        instanceType: { InstanceType: { Value: instance.type } },
        disableApiTermination: { DisableApiTermination: { Value: false } },
      };
      const answer = known[String(Attribute)];
      if (answer === undefined)
        throw new AwsError('InvalidParameterValue', `The double does not know the attribute ${String(Attribute)}`);
      return { InstanceId, ...answer };
    },
  );
