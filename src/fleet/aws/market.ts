/** What a region has to offer for an order: types, zones, subnets, prices, and the group that lets nothing in. */
import type { AwsClients } from '../../aws/clients.js';
import { securityGroupName } from '../../aws/names.js';
import type { AwsPlace, MachineOrder, Market, MachineSystem } from '../../domain/aws.js';
import { Failure } from '../../domain/failures.js';
import { all, ec2Of, type Ec2 } from './ec2.js';
import { isWholeGpu, type Offers } from './placements.js';

/** Names of the systems in the list of spot prices. */
const PRODUCTS: Readonly<Record<MachineSystem, string>> = { windows: 'Windows', linux: 'Linux/UNIX' };

export interface Region {
  readonly offers: Offers;
  /** The installation's security group in the default VPC. */
  readonly securityGroup: string;
}

/** @throws Failure `unsupported` when the region has no default subnet, no group of this installation, or none of the types */
export async function lookAtRegion(
  clients: AwsClients,
  place: AwsPlace,
  order: MachineOrder,
  market: Market,
  now: Date,
): Promise<Region> {
  const ec2 = await ec2Of(clients);
  const types = order.types.filter(isWholeGpu);
  if (types.length === 0) {
    throw new Failure('unsupported', `None of the instance types ${order.types.join(', ')} has a whole GPU`, {
      next: 'Name other instance types, such as g6.2xlarge',
    });
  }
  const { vpc, subnets } = await defaultSubnets(ec2, place.region);
  const [securityGroup, offerings, spot] = await Promise.all([
    findGroup(ec2, place, vpc),
    offeringsOf(ec2, types, place.region),
    market === 'spot' ? spotPrices(ec2, types, order.system, now) : [],
  ]);
  return { securityGroup, offers: { region: place.region, offerings, subnets, spot } };
}

async function defaultSubnets(
  { client, sdk }: Ec2,
  region: string,
): Promise<{ vpc: string; subnets: Map<string, string> }> {
  const pages = sdk.paginateDescribeSubnets(
    { client },
    {
      Filters: [
        { Name: 'default-for-az', Values: ['true'] },
        { Name: 'state', Values: ['available'] },
      ],
    },
  );
  const found = await all('EC2 cannot be asked for subnets', pages, ({ Subnets }) => Subnets);
  const vpc = found[0]?.VpcId;
  if (vpc === undefined) {
    throw new Failure('unsupported', `There is no default VPC with subnets in ${region}`, {
      evidence: 'DescribeSubnets default-for-az=true found none',
      next: `Run: aws ec2 create-default-vpc --region ${region}, then: taaf retry <episode>`,
    });
  }
  return {
    vpc,
    subnets: new Map(found.map(({ AvailabilityZone = '', SubnetId = '' }) => [AvailabilityZone, SubnetId])),
  };
}

async function findGroup({ client, sdk }: Ec2, { install, region }: AwsPlace, vpc: string): Promise<string> {
  const name = securityGroupName(install);
  const pages = sdk.paginateDescribeSecurityGroups(
    { client },
    {
      Filters: [
        { Name: 'group-name', Values: [name] },
        { Name: 'vpc-id', Values: [vpc] },
      ],
    },
  );
  const [group] = await all('EC2 cannot be asked for security groups', pages, ({ SecurityGroups }) => SecurityGroups);
  if (group?.GroupId === undefined) {
    throw new Failure('unsupported', `The security group ${name} is not there in ${region}`, {
      next: 'Run: taaf aws init, then: taaf retry <episode>',
    });
  }
  return group.GroupId;
}

async function offeringsOf({ client, sdk }: Ec2, types: string[], region: string): Promise<Offers['offerings']> {
  const pages = sdk.paginateDescribeInstanceTypeOfferings(
    { client },
    { LocationType: 'availability-zone', Filters: [{ Name: 'instance-type', Values: types }] },
  );
  const found = await all('EC2 cannot be asked for instance types', pages, (page) => page.InstanceTypeOfferings);
  if (found.length === 0) {
    throw new Failure('unsupported', `${region} has none of the instance types ${types.join(', ')}`, {
      next: 'Name other instance types, or another region',
    });
  }
  return found.map(({ InstanceType: type = '', Location: zone = '' }) => ({ type, zone }));
}

async function spotPrices(
  { client, sdk }: Ec2,
  types: string[],
  system: MachineSystem,
  now: Date,
): Promise<Offers['spot']> {
  const pages = sdk.paginateDescribeSpotPriceHistory(
    { client },
    // From now on: the price that holds, which may be days old.
    { StartTime: now, InstanceTypes: types as never[], ProductDescriptions: [PRODUCTS[system]] },
  );
  const found = await all('EC2 cannot be asked for spot prices', pages, (page) => page.SpotPriceHistory);
  return found
    .sort((a, b) => (b.Timestamp?.getTime() ?? 0) - (a.Timestamp?.getTime() ?? 0))
    .map(({ InstanceType: type = '', AvailabilityZone: zone = '', SpotPrice }) => ({
      type,
      zone,
      usdPerHour: Number(SpotPrice),
    }))
    .filter(({ usdPerHour }) => Number.isFinite(usdPerHour));
}
