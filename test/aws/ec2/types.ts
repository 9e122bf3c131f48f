/** Instance types that the double offers: sizes and prices of us-east-1 in July 2026. */

export interface TypeFacts {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly gpu: { readonly name: string; readonly memoryMiB: number };
  /** GB of local NVMe. */
  readonly storageGB: number;
  /** USD an hour, on demand. */
  readonly linux: number;
  /** The licence costs 0.046 USD for each vCPU and hour, on spot too. */
  readonly windows: number;
}

const facts = (
  [vcpus, memoryGiB, storageGB]: readonly [number, number, number],
  name: string,
  memoryMiB: number,
  linux: number,
): TypeFacts => ({
  vcpus,
  memoryMiB: memoryGiB * 1024,
  gpu: { name, memoryMiB },
  storageGB,
  linux,
  windows: Number((linux + 0.046 * vcpus).toFixed(4)),
});

export const instanceTypes: Readonly<Record<string, TypeFacts>> = {
  'g4dn.xlarge': facts([4, 16, 125], 'T4', 16_384, 0.526),
  'g4dn.2xlarge': facts([8, 32, 225], 'T4', 16_384, 0.752),
  'g5.xlarge': facts([4, 16, 250], 'A10G', 22_888, 1.006),
  'g5.2xlarge': facts([8, 32, 450], 'A10G', 22_888, 1.212),
  'g6.xlarge': facts([4, 16, 250], 'L4', 22_888, 0.8048),
  'g6.2xlarge': facts([8, 32, 450], 'L4', 22_888, 0.9776),
  'gr6.4xlarge': facts([16, 128, 600], 'L4', 22_888, 1.5392),
  'g6e.xlarge': facts([4, 32, 250], 'L40S', 45_776, 1.861),
  'g6e.2xlarge': facts([8, 64, 450], 'L40S', 45_776, 2.242),
};

/** Part of the machine's own price that spot costs here; a licence is paid in full. */
export const SPOT = 0.4;

export type Market = 'spot' | 'on-demand';
export type System = 'windows' | 'linux';

/** USD an hour. */
export function priceOf(type: string, system: System, market: Market): number {
  const price = instanceTypes[type];
  if (price === undefined) throw new Error(`no price for ${type}`);
  const licence = system === 'windows' ? price.windows - price.linux : 0;
  return price.linux * (market === 'spot' ? SPOT : 1) + licence;
}
