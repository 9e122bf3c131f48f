/** AWS as a season on it needs to know it, before anything is spent: who we are there, what was made, what may be launched, and at what price. */
import type { AwsInstallRecord } from '../../aws/install-record.js';
import { requireInstall } from '../../aws/site.js';
import type { AwsConfig, Config } from '../../config/load.js';
import type { AwsPlace, MachineOrder, Placement } from '../../domain/aws.js';
import { Failure } from '../../domain/failures.js';
import type { EngineName, Profile } from '../../domain/profile.js';
import { lookAtRegion } from '../../fleet/aws/market.js';
import { placements } from '../../fleet/aws/placements.js';
import { machinesAllowed } from '../../fleet/aws/quota.js';
import { cloudMachine } from '../../intake/cloud.js';
import type { Machine } from '../../intake/machine.js';
import type { Pool } from '../../domain/season.js';
import { awsHere, type AwsHere } from '../actions/aws-place.js';
import type { Context } from '../context.js';
import { patiently } from '../patience.js';
import { orderOf, poolsOf } from './order.js';

export interface CloudSite {
  readonly here: AwsHere;
  readonly record: AwsInstallRecord;
  /** The user's Topaz is there: installer and sign-in. */
  readonly topaz: boolean;
}

/** What a season's machines will be. */
export interface Cloud extends CloudSite {
  readonly order: MachineOrder;
  readonly pools: readonly Pool[];
  /** Machines that the account may run at once. */
  readonly machines: number;
  /** The placement that is tried first. */
  readonly best: Placement;
  readonly machine: Machine;
}

/** @throws Failure where there is no sign-in, or `taaf aws init` was not run for this account and region */
export async function cloudSite({ aws }: Pick<Config, 'aws'>, context: Context): Promise<CloudSite> {
  const here = await awsHere({ awsProfile: aws.profile, awsRegion: aws.region }, context);
  const { record, site, clients } = here;
  if (!record || record.account !== site.account || record.region !== site.region) {
    throw new Failure('usage', `TAAF has not been set up in account ${site.account}, ${site.region}`, {
      ...(record ? { evidence: `it is set up in account ${record.account}, ${record.region}` } : {}),
      next: `Run: taaf aws init --aws-region ${site.region}`,
    });
  }
  await patiently(context, 'Asking AWS what is set up', () => requireInstall(clients, site));
  const { installer, licence } = record.topaz ?? {};
  return { here, record, topaz: installer !== undefined && licence !== undefined };
}

/** @throws Failure `quota` where not even one machine is allowed, `licence` for Topaz without the user's own */
export async function cloudFor(
  site: CloudSite,
  settings: AwsConfig,
  profiles: readonly Profile[],
  context: Context,
): Promise<Cloud> {
  const engine = engineOf(profiles);
  if (engine === 'topaz' && !site.topaz) throw withoutTopaz();
  const { here, record } = site;
  const order = orderOf(settings, engine);
  const { quota, machines, vCpusEach } = await patiently(context, 'Asking AWS for your quotas', () =>
    machinesAllowed(here.clients, here.site, order.market, order.types),
  );
  const best = await patiently(context, 'Asking AWS for prices', () => bestOf(here, record, order));
  const seats = engine === 'topaz' ? { seats: record.topaz?.seats ?? 1 } : {};
  return {
    ...site,
    order,
    machines: Math.min(machines, seats.seats ?? machines),
    pools: poolsOf(here.site, order, { vCpus: quota.vCpus, vCpusEach, ...seats }),
    best,
    machine: cloudMachine(best.type, vCpusEach),
  };
}

/** A season with one episode for Topaz needs its machines throughout: the other engines run there too. */
function engineOf(profiles: readonly Profile[]): EngineName {
  const engines = profiles.map(({ upscale }) => upscale.engine);
  return engines.find((engine) => engine === 'topaz') ?? engines[0] ?? 'ffmpeg';
}

const withoutTopaz = (): Failure =>
  new Failure('licence', 'The profile renders with Topaz, and your Topaz is not in AWS', {
    next: 'Give it: taaf aws init --topaz-installer FILE --topaz-sha256 HASH --topaz-licence FILE; or choose another profile: taaf profiles',
  });

async function bestOf(here: AwsHere, record: AwsInstallRecord, order: MachineOrder): Promise<Placement> {
  const place: AwsPlace = { ...here.site, installBucket: record.installBucket, bucket: '' };
  const { offers } = await lookAtRegion(here.clients, place, order, order.market, new Date());
  const [best] = placements(order, order.market, offers);
  if (best) return best;
  throw new Failure(
    'unsupported',
    `${here.site.region} has no zone with a network and one of ${order.types.join(', ')}`,
    {
      next: 'Name other types in taaf’s config.yaml (aws: types:), or another region',
    },
  );
}
