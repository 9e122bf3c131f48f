/** What TAAF promises of every launch, beyond what EC2 demands: a launch that breaks a promise is refused, so that no test can overlook it. */
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';
import { tagsFor } from './instance.js';
import type { SecurityGroup } from './place.js';

const TAGGED = ['instance', 'volume', 'network-interface'];
const TAGS = ['install', 'season', 'episode', 'machine', 'launch', 'deadline', 'version'].map((name) => `taaf:${name}`);

/** @throws AwsError `TaafRuleBroken`, with every broken rule */
export function checkHouseRules(input: RunInstancesCommandInput, groups: readonly SecurityGroup[]): void {
  const broken = [...brokenRules(input, groups)];
  if (broken.length > 0) throw new AwsError('TaafRuleBroken', broken.join('; '));
}

function* brokenRules(input: RunInstancesCommandInput, groups: readonly SecurityGroup[]): Generator<string> {
  const { MetadataOptions, InstanceMarketOptions: market } = input;
  if (input.MinCount !== 1 || input.MaxCount !== 1) yield 'one instance for each call';
  if (input.ClientToken === undefined) yield 'ClientToken';
  if (input.InstanceInitiatedShutdownBehavior !== 'terminate') yield 'shutdown = terminate';
  if (MetadataOptions?.HttpTokens !== 'required') yield 'IMDSv2 required';
  if (MetadataOptions?.HttpPutResponseHopLimit !== 1) yield 'hop limit 1';
  if (input.KeyName !== undefined) yield 'no key pair';
  if (input.IamInstanceProfile === undefined) yield 'an instance profile';
  if (input.UserData === undefined) yield 'user data with the dead-man';
  if (!input.ImageId?.startsWith('ami-')) yield 'the image by its id';
  yield* brokenVolumes(input);
  for (const kind of TAGGED) {
    const keys = new Set(tagsFor(input, kind).map(({ Key }) => Key));
    const missing = TAGS.filter((key) => !keys.has(key));
    if (missing.length > 0) yield `tags ${missing.join(', ')} on ${kind}`;
  }
  for (const { id, inbound } of groups) if (inbound.length > 0) yield `no inbound rule, as in ${id}`;
  if (market?.MarketType === 'spot') {
    const { SpotInstanceType = 'one-time', InstanceInterruptionBehavior = 'terminate' } = market.SpotOptions ?? {};
    if (SpotInstanceType !== 'one-time') yield 'one-time spot requests';
    if (InstanceInterruptionBehavior !== 'terminate') yield 'interruption = terminate';
  }
}

function* brokenVolumes({ BlockDeviceMappings: mappings = [] }: RunInstancesCommandInput): Generator<string> {
  if (mappings.length === 0) yield 'the root volume by name';
  for (const { DeviceName, Ebs } of mappings) {
    if (Ebs?.Encrypted !== true) yield `${DeviceName ?? '?'} encrypted`;
    if (Ebs?.DeleteOnTermination !== true) yield `${DeviceName ?? '?'} deleted on termination`;
  }
}
