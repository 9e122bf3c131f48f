/** RunInstances: who asks twice gets the same machine, and what cannot be had is refused in EC2's words. */
import { RunInstances$, type RunInstancesCommandInput, type RunInstancesCommandOutput } from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';
import { operation, type Operation } from '../protocol/operation.js';
import type { Account, LaunchTwist } from './account.js';
import { checkHouseRules } from './house-rules.js';
import { newId } from './ids.js';
import { tagsFor, viewOf, type Instance, type Volume } from './instance.js';
import { readLaunchOrder, type LaunchOrder } from './launch-order.js';
import { offered, spotPrice } from './market.js';
import { instanceTypes } from './types.js';

export const runInstances = (account: Account): Operation =>
  operation<RunInstancesCommandInput, RunInstancesCommandOutput>(RunInstances$, (given, { call }) => {
    // It is kept; what of it is understood is checked by `readLaunchOrder`.
    const input = { ...given };
    const order = readLaunchOrder(account.world, call.region, input);
    // A dry run asks whether one may, not for a machine.
    if (account.houseRules && input.DryRun !== true) checkHouseRules(input, order.groups);
    if (input.DryRun === true)
      throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    const known = account.tokens.find(order.subnet.zone, input);
    if (known !== undefined) return reservationOf(account, [known]);
    takeCapacity(account, order, input);
    const reservation = newId('r');
    const made = Array.from({ length: input.MaxCount ?? 1 }, (_, at) =>
      makeInstance(account, order, input, { region: call.region, reservation, at }),
    );
    for (const instance of made) account.instances.add(instance);
    if (made[0] !== undefined) account.tokens.keep(order.subnet.zone, made[0]);
    return reservationOf(account, made);
  });

const reservationOf = ({ world }: Account, instances: readonly Instance[]) => ({
  ReservationId: instances[0]?.reservation,
  OwnerId: world.account,
  Groups: [],
  Instances: instances.map(viewOf),
});

/** @throws AwsError what EC2 says when the machine cannot be had */
function takeCapacity(account: Account, order: LaunchOrder, input: RunInstancesCommandInput): void {
  const { type, market, subnet, image } = order;
  const count = input.MaxCount ?? 1;
  if (!offered(type, subnet.zone))
    throw new AwsError(
      'Unsupported',
      `Your requested instance type (${type}) is not supported in your requested Availability Zone (${subnet.zone}).`,
    );
  const maxPrice = input.InstanceMarketOptions?.SpotOptions?.MaxPrice;
  if (market === 'spot' && maxPrice !== undefined && Number(maxPrice) < spotPrice(type, subnet.zone, image.system))
    throw new AwsError(
      'SpotMaxPriceTooLow',
      `Your Spot request price of ${maxPrice} is lower than the minimum required.`,
    );
  const limit = account.ownQuotas ? account.quotas[market] : 0;
  const wanted = (instanceTypes[type]?.vcpus ?? 0) * count;
  if (account.instances.vcpus(market) + wanted > limit) {
    if (market === 'spot') throw new AwsError('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded');
    throw new AwsError(
      'VcpuLimitExceeded',
      `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to.`,
    );
  }
  const entry = account.capacity.find(
    ({ script }) =>
      (script.type ?? type) === type &&
      (script.zone ?? subnet.zone) === subnet.zone &&
      (script.market ?? market) === market,
  );
  if (entry === undefined) return;
  if (entry.used + count > (entry.script.left ?? 0))
    throw new AwsError(
      'InsufficientInstanceCapacity',
      `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${subnet.zone}).`,
      500,
    );
  entry.used += count;
}

function takeTwist({ twists }: Account): LaunchTwist {
  const entry = twists.find(({ twist, used }) => used < (twist.times ?? Infinity));
  if (entry === undefined) return {};
  entry.used += 1;
  return entry.twist;
}

function makeInstance(
  account: Account,
  order: LaunchOrder,
  input: RunInstancesCommandInput,
  { region, reservation, at }: { readonly region: string; readonly reservation: string; readonly at: number },
): Instance {
  const { world, instances } = account;
  const now = world.now();
  const number = instances.all.length + at;
  const twist = takeTwist(account);
  return {
    ...order,
    id: newId('i'),
    reservation,
    region,
    token: input.ClientToken,
    input,
    groups: order.groups.map(({ id }) => id),
    shutdownBehavior: twist.shutdownBehavior ?? input.InstanceInitiatedShutdownBehavior ?? 'stop',
    httpTokens: twist.httpTokens ?? input.MetadataOptions?.HttpTokens ?? 'optional',
    launchedAt: now,
    visibleAt: now + instances.delays.visible,
    address:
      input.NetworkInterfaces?.[0]?.PrivateIpAddress ??
      `172.31.${Math.floor(number / 250) % 256}.${(number % 250) + 4}`,
    networkInterface: { id: newId('eni'), tags: tagsFor(input, 'network-interface') },
    volumes: volumesOf(order, input, twist),
    tags: tagsFor(input, 'instance'),
    state: 'pending',
    reason: undefined,
    ran: [],
    terminatedAt: undefined,
    boots: 0,
  };
}

function volumesOf({ image }: LaunchOrder, input: RunInstancesCommandInput, twist: LaunchTwist): Volume[] {
  const mappings = new Map((input.BlockDeviceMappings ?? []).map((mapping) => [mapping.DeviceName ?? '', mapping.Ebs]));
  if (!mappings.has(image.rootDevice)) mappings.set(image.rootDevice, undefined);
  return [...mappings].map(([device, ebs]) => ({
    id: newId('vol'),
    device,
    sizeGiB: ebs?.VolumeSize ?? image.sizeGiB,
    encrypted: twist.encrypted ?? ebs?.Encrypted ?? false,
    // The root goes with its machine, other volumes stay unless told otherwise.
    deleteOnTermination: twist.deleteOnTermination ?? ebs?.DeleteOnTermination ?? device === image.rootDevice,
    tags: tagsFor(input, 'volume'),
  }));
}
