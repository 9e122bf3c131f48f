/** What machines cost: a dated table of on-demand prices, and the price of a frame. */
import type { MachineSystem } from '../../domain/aws.js';

/**
 * On-demand prices of Linux in USD an hour. From aws/karpenter-provider-aws (`zz_generated.pricing_aws.go`, generated 2026-07-20). Only this region is
 * in it: other regions cost up to a third more, and TAAF says no price there rather than a wrong one.
 */
export const onDemandPrices = {
  region: 'us-east-1',
  date: '2026-07-20',
  types: {
    'g4dn.xlarge': { vCpus: 4, linux: 0.526 },
    'g4dn.2xlarge': { vCpus: 8, linux: 0.752 },
    'g5.xlarge': { vCpus: 4, linux: 1.006 },
    'g5.2xlarge': { vCpus: 8, linux: 1.212 },
    'g6.xlarge': { vCpus: 4, linux: 0.8048 },
    'g6.2xlarge': { vCpus: 8, linux: 0.9776 },
    'gr6.4xlarge': { vCpus: 16, linux: 1.5392 },
    'g6e.xlarge': { vCpus: 4, linux: 1.861 },
    'g6e.2xlarge': { vCpus: 8, linux: 2.242 },
    'g7.2xlarge': { vCpus: 8, linux: 2.52 },
    'g7e.2xlarge': { vCpus: 8, linux: 3.363 },
  },
} as const;

/** Licence of Windows in USD per vCPU and hour: reproduces the published 0.71 of g4dn.xlarge and 1.19 of g5.xlarge. */
export const WINDOWS_USD_PER_VCPU = 0.046;

/** USD an hour on demand, the licence of the system included; absent where the table has none. */
export function onDemandUsd(type: string, system: MachineSystem, region: string): number | undefined {
  const entry = Object.hasOwn(onDemandPrices.types, type)
    ? onDemandPrices.types[type as keyof typeof onDemandPrices.types]
    : undefined;
  if (!entry || region !== onDemandPrices.region) return undefined;
  return entry.linux + (system === 'windows' ? WINDOWS_USD_PER_VCPU * entry.vCpus : 0);
}

/** USD that one frame costs on a machine that makes so many frames a second. */
export const usdPerFrame = (usdPerHour: number, framesPerSecond: number): number => usdPerHour / 3600 / framesPerSecond;
