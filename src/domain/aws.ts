/** The words of the AWS fleet: how AWS is reached, where a season lies there, and what may be launched for it. */

/** How AWS is reached. Credentials come from the SDK's own chain (profile, environment, sign-in), never from TAAF's files. */
export interface AwsAccess {
  readonly region: string;
  /** Named profile of the user's AWS configuration; absent: the SDK's default chain. */
  readonly profile?: string;
}

/** Where a season lies in AWS: fixed when it is submitted, kept in its record on this computer. */
export interface AwsPlace extends AwsAccess {
  /** Twelve digits. */
  readonly account: string;
  /** TAAF's id on this computer: every tag and every name carries it. */
  readonly install: string;
  /** The install's lasting bucket: kits, installers, Ansible's transfers. */
  readonly installBucket: string;
  /** The season's own bucket: its store. */
  readonly bucket: string;
}

export type MachineSystem = 'windows' | 'linux';
export type Market = 'spot' | 'on-demand';

/** What may be launched for a season: frozen when it is submitted. */
export interface MachineOrder {
  readonly system: MachineSystem;
  /** EC2 instance types that may be used, such as `g6.2xlarge`. */
  readonly types: readonly string[];
  /** `spot` falls back to on-demand after an episode's second loss. */
  readonly market: Market;
  /** Image id; absent: the newest public image of the system, resolved once and then recorded. */
  readonly image?: string;
  /** Size of the root volume in GiB. */
  readonly volumeGiB: number;
  /** A machine is gone after so many seconds, whatever happens. */
  readonly deadlineSeconds: number;
}

/** One way to get a machine: the unit of trying, pricing and idempotency. */
export interface Placement {
  readonly type: string;
  readonly zone: string;
  readonly subnet: string;
  readonly market: Market;
  /** USD an hour, licence of the system included; absent where no price is known. */
  readonly usdPerHour?: number;
}

/** All that a season on AWS was submitted with. */
export interface AwsSeason {
  readonly place: AwsPlace;
  readonly order: MachineOrder;
  /** What every machine gets. */
  readonly kit: KitRef;
  /** The user's own Topaz installer and where his licence is kept, where the profile needs them. */
  readonly topaz?: { readonly installer: KitRef; readonly licence: { readonly parameter: string } };
}

/** An object of the install's bucket that a machine needs, by its content. */
export interface KitRef {
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
}
