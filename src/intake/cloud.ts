/** What machines of a cloud are worth and cost, before the first one is launched: guesses with their sources, pure. */
import type { Market, Placement } from '../domain/aws.js';
import type { SeasonEstimate } from './estimate.js';
import type { Machine } from './machine.js';

/**
 * GPUs of EC2's families, with their speed against an L4. No measurement of Topaz on them was found; the factors follow from the frame rates
 * that users of the same chips report (T4 3, L4 6, A10G 7, L40S 14 frames a second from 720x480), and a calibration replaces them.
 */
const gpus: Readonly<Record<string, { readonly name: string; readonly speed: number }>> = {
  g4dn: { name: 'T4', speed: 0.5 },
  g5: { name: 'A10G', speed: 1.2 },
  g6: { name: 'L4', speed: 1 },
  gr6: { name: 'L4', speed: 1 },
  g6e: { name: 'L40S', speed: 2.3 },
  g7: { name: 'RTX PRO 4500', speed: 2 },
  g7e: { name: 'RTX PRO 6000', speed: 3 },
};

/** An instance type as estimates know machines. */
export function cloudMachine(type: string, vCpus: number): Machine {
  const gpu = gpus[type.split('.')[0] ?? ''];
  if (!gpu) return { name: type, cores: vCpus };
  return { name: type, cores: vCpus, gpu: gpu.name, speed: gpu.speed };
}

/** From the launch to the first frame, in seconds: boot, driver, tools, and the engine that Topaz builds on first use. */
const READY_SECONDS = 15 * 60;
/** EC2 to the internet, per 10^9 bytes, in USD; what comes in is free. */
const EGRESS_USD_PER_GB = 0.09;
/** gp3 storage in USD per GiB and hour. */
const VOLUME_USD_PER_GIB_HOUR = 0.08 / 730;

export interface CostEstimate {
  readonly type: string;
  readonly market: Market;
  /** Absent where no price is known: then `usd` is absent too, never zero. */
  readonly usdPerHour?: number;
  /** Hours of all machines together, getting ready included. */
  readonly machineHours: number;
  /** All in all: machines, their disks, and the way home. */
  readonly usd?: number;
}

/** @param machines how many of the episodes get a machine of their own; the others are taken by one that has finished */
export function costOf(
  { episodes, resultBytes }: SeasonEstimate,
  { type, market, usdPerHour }: Pick<Placement, 'type' | 'market' | 'usdPerHour'>,
  { machines, volumeGiB }: { readonly machines: number; readonly volumeGiB: number },
): CostEstimate {
  const launches = Math.min(machines, episodes.length);
  const seconds = episodes.reduce((sum, episode) => sum + episode.seconds, 0) + launches * READY_SECONDS;
  const machineHours = seconds / 3600;
  if (usdPerHour === undefined) return { type, market, machineHours };
  const disks = machineHours * volumeGiB * VOLUME_USD_PER_GIB_HOUR;
  const usd = machineHours * usdPerHour + disks + (resultBytes / 1e9) * EGRESS_USD_PER_GB;
  return { type, market, usdPerHour, machineHours, usd };
}
