/** What the AWS fleet is made from. */
import type { AwsClients } from '../../aws/clients.js';
import type { AwsAccess, AwsPlace, MachineOrder } from '../../domain/aws.js';
import type { SeasonId } from '../../domain/ids.js';
import type { ObjectStore } from '../../store/port.js';
import type { MachineRef } from '../port.js';
import { launchBook, type Book } from './book.js';
import { awsClock } from './clock.js';
import { ec2Of, type Ec2 } from './ec2.js';
import type { Speeds } from './placements.js';
import type { Configurer, Provision, Remote } from './ports.js';

export interface AwsFleetDeps {
  readonly place: (season: SeasonId) => Promise<AwsPlace>;
  readonly order: (season: SeasonId) => Promise<MachineOrder>;
  /** Frames a second that instance types make with the season's profile, where calibration knows them. */
  readonly speeds: (season: SeasonId) => Promise<Speeds>;
  /** A fresh set whenever it is asked, or one that outlives a sign-in. */
  readonly clients: (access: AwsAccess) => AwsClients;
  readonly store: (season: SeasonId) => Promise<ObjectStore>;
  /** Folder of a season's launches on this computer; it outlives the season's machines. */
  readonly launches: (season: SeasonId) => string;
  readonly configurer: Configurer;
  readonly remote: Remote;
  /** @param endsAt when the machine ends in any case: milliseconds since the epoch */
  readonly provision: (ref: MachineRef, endsAt: number) => Promise<Provision>;
  /** TAAF's version, for the machines' tags. */
  readonly version: string;
  /** Divides the waiting between two looks (tests); all else goes by AWS's own time. */
  readonly timeScale: number;
}

/** One season's AWS: everything that its machines are asked of. */
export interface Site {
  readonly place: AwsPlace;
  readonly clients: AwsClients;
  readonly ec2: Ec2;
  readonly book: Book;
  /** Milliseconds since the epoch by AWS's clock, as of its last answer. */
  readonly now: () => number;
}

export async function siteOf(deps: AwsFleetDeps, season: SeasonId): Promise<Site> {
  const place = await deps.place(season);
  const clients = deps.clients(place);
  const ec2 = await ec2Of(clients);
  return {
    place,
    clients,
    ec2,
    book: launchBook(deps.launches(season)),
    now: awsClock(ec2.client),
  };
}
