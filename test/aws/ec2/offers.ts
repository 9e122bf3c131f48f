/** Instance types, where they are offered, and what spot costs. */
import {
  DescribeInstanceTypeOfferings$,
  DescribeInstanceTypes$,
  DescribeSpotPriceHistory$,
  type _InstanceType,
  type DescribeInstanceTypeOfferingsCommandInput,
  type DescribeInstanceTypeOfferingsCommandOutput,
  type DescribeInstanceTypesCommandInput,
  type DescribeInstanceTypesCommandOutput,
  type DescribeSpotPriceHistoryCommandInput,
  type DescribeSpotPriceHistoryCommandOutput,
  type RIProductDescription,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';
import { operation, type Operation } from '../protocol/operation.js';
import type { World } from '../service.js';
import { matching, page } from './filters.js';
import { offered, spotPrice } from './market.js';
import { zonesOf } from './place.js';
import { instanceTypes } from './types.js';

const typeNames = Object.keys(instanceTypes) as _InstanceType[];

/** The later names are those of accounts that still had EC2-Classic, which prices are also asked by. */
const products: Readonly<Record<string, 'linux' | 'windows'>> = {
  'Linux/UNIX': 'linux',
  Windows: 'windows',
  'Linux/UNIX (Amazon VPC)': 'linux',
  'Windows (Amazon VPC)': 'windows',
};

function checkTypes(wanted: readonly string[] | undefined): void {
  const strange = (wanted ?? []).filter((name) => instanceTypes[name] === undefined);
  if (strange.length > 0)
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${strange.join(', ')}]`,
    );
}

export const offerOperations = (world: World): Operation[] => [
  operation<DescribeInstanceTypesCommandInput, DescribeInstanceTypesCommandOutput>(DescribeInstanceTypes$, (input) => {
    checkTypes(input.InstanceTypes);
    const found = matching(input.InstanceTypes ?? typeNames, input.Filters, {
      'instance-type': (name) => [name],
      'current-generation': () => ['true'],
    });
    const { items, next } = page(found, input, { most: 100 });
    return {
      InstanceTypes: items.map((name) => {
        const facts = instanceTypes[name];
        if (facts === undefined) throw new Error(`${name} was checked`);
        return {
          InstanceType: name,
          CurrentGeneration: true,
          SupportedUsageClasses: ['on-demand', 'spot'],
          ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
          VCpuInfo: { DefaultVCpus: facts.vcpus },
          MemoryInfo: { SizeInMiB: facts.memoryMiB },
          InstanceStorageSupported: true,
          InstanceStorageInfo: { TotalSizeInGB: facts.storageGB, NvmeSupport: 'required' },
          GpuInfo: {
            Gpus: [
              {
                Name: facts.gpu.name,
                Manufacturer: 'NVIDIA',
                Count: 1,
                MemoryInfo: { SizeInMiB: facts.gpu.memoryMiB },
              },
            ],
            TotalGpuMemoryInMiB: facts.gpu.memoryMiB,
          },
        };
      }),
      ...next,
    };
  }),
  operation<DescribeInstanceTypeOfferingsCommandInput, DescribeInstanceTypeOfferingsCommandOutput>(
    DescribeInstanceTypeOfferings$,
    (input, { call }) => {
      const { LocationType = 'region' } = input;
      if (LocationType !== 'region' && LocationType !== 'availability-zone')
        throw new AwsError('InvalidParameterValue', `The double does not know the location type ${LocationType}`);
      const zones = zonesOf(call.region);
      const places = LocationType === 'region' ? [call.region] : zones;
      const rows = typeNames.flatMap((InstanceType) =>
        places
          .filter((place) => (LocationType === 'region' ? true : offered(InstanceType, place)))
          .map((Location) => ({ InstanceType, LocationType, Location })),
      );
      const found = matching(rows, input.Filters, {
        'instance-type': (row) => [row.InstanceType],
        location: ({ Location }) => [Location],
      });
      const { items, next } = page(found, input);
      return { InstanceTypeOfferings: [...items], ...next };
    },
  ),
  operation<DescribeSpotPriceHistoryCommandInput, DescribeSpotPriceHistoryCommandOutput>(
    DescribeSpotPriceHistory$,
    (input, { call }) => {
      checkTypes(input.InstanceTypes);
      const wanted = input.ProductDescriptions ?? Object.keys(products);
      const strange = wanted.find((name) => products[name] === undefined);
      if (strange !== undefined) throw new AwsError('InvalidParameterValue', `Invalid product description: ${strange}`);
      const zones = input.AvailabilityZone === undefined ? zonesOf(call.region) : [input.AvailabilityZone];
      const Timestamp = new Date(Math.floor(world.now() / 3_600_000) * 3_600_000);
      const rows = (input.InstanceTypes ?? typeNames).flatMap((InstanceType) =>
        zones
          .filter((zone) => offered(InstanceType, zone))
          .flatMap((AvailabilityZone) =>
            wanted.map((product) => ({
              InstanceType,
              AvailabilityZone,
              ProductDescription: product as RIProductDescription,
              SpotPrice: spotPrice(InstanceType, AvailabilityZone, products[product] ?? 'linux').toFixed(6),
              Timestamp,
            })),
          ),
      );
      // A price holds until the next: that of an hour's beginning is what an account sees from any start on.
      const { StartTime, EndTime = new Date(world.now()) } = input;
      if (StartTime !== undefined && StartTime > EndTime && input.EndTime !== undefined)
        throw new AwsError('InvalidParameterValue', 'The start time is after the end time');
      const seen = rows.filter((row) => row.Timestamp <= EndTime);
      const found = matching(seen, input.Filters, {
        'instance-type': (row) => [row.InstanceType],
        'availability-zone': (row) => [row.AvailabilityZone],
        'product-description': (row) => [row.ProductDescription],
      });
      const { items, next } = page(found, input, { least: 1 });
      // The real one always gives a token, empty at the end.
      return { SpotPriceHistory: [...items], NextToken: next.NextToken ?? '' };
    },
  ),
];
