/** What may be launched for a season, and what its machines are leased from: pure, from settings and facts. */
import type { AwsConfig } from '../../config/load.js';
import type { AwsPlace, MachineOrder } from '../../domain/aws.js';
import type { EngineName } from '../../domain/profile.js';
import type { Pool } from '../../domain/season.js';

/** One whole GPU each, and enough cores that it does not wait for them. */
const TYPES = ['g6.2xlarge', 'g5.2xlarge', 'g4dn.2xlarge'];

/** Topaz is there for Windows only; everything else takes Linux, which has no licence by the hour. */
export function orderOf(settings: AwsConfig, engine: EngineName): MachineOrder {
  const { types = TYPES, market, volume, hours } = settings;
  return {
    system: engine === 'topaz' ? 'windows' : 'linux',
    types,
    market,
    volumeGiB: volume,
    deadlineSeconds: hours * 3600,
  };
}

export interface Room {
  /** vCPUs that the account may run at once, and those of one machine. */
  readonly vCpus: number;
  readonly vCpusEach: number;
  /** Computers that may be signed in to Topaz at once; absent where the season does not use it. */
  readonly seats?: number;
}

/** All seasons of this install share these. */
export function poolsOf(
  { install, account, region }: Pick<AwsPlace, 'install' | 'account' | 'region'>,
  { market }: MachineOrder,
  { vCpus, vCpusEach, seats }: Room,
): Pool[] {
  const cores = { name: `aws/${account}/${region}/${market}`, limit: vCpus, units: vCpusEach };
  return seats === undefined ? [cores] : [cores, { name: `topaz/${install}`, limit: seats, units: 1 }];
}
