/** Every name that TAAF has in AWS, as a pure function of the installation, the account and the region. */

/** Keys of the tags that all of TAAF's things carry; an installation never touches what has another `install`. */
export const tagKeys = {
  install: 'taaf:install',
  season: 'taaf:season',
  episode: 'taaf:episode',
  machine: 'taaf:machine',
  launch: 'taaf:launch',
  /** When the machine must be gone: ISO 8601 in UTC, such as `2026-11-26T09:00:00.000Z`. */
  deadline: 'taaf:deadline',
  version: 'taaf:version',
} as const;

/** One place in AWS that an installation uses: its names hold the account and the region, since buckets and roles are not regional. */
export interface InstallSite {
  /** Sixteen hexadecimal digits. */
  readonly install: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

const INSTALL = /^[0-9a-f]{16}$/;
const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/;
const NONCE = /^[a-z0-9]{6,12}$/;

/** Whether a text looks like a region's name, such as `eu-central-1`; only AWS knows whether there is one. */
export const looksLikeRegion = (text: string): boolean => REGION.test(text);

export const stackName = (install: string): string => base(install);

/** At most 49 of a bucket name's 63 characters: every region's name has at most 14. */
export function installBucketName(install: string, account: string, region: string): string {
  if (!ACCOUNT.test(account)) throw new RangeError(`no account of AWS: ${account}`);
  if (!REGION.test(region)) throw new RangeError(`no region of AWS: ${region}`);
  return `${base(install)}-${account}-${region}`;
}

/** What a season's bucket starts with: the machines' rights are cut by it. */
export const seasonBucketPrefix = ({ install, account, region }: InstallSite): string =>
  `${installBucketName(install, account, region)}-`;

/** @param nonce six to twelve lower-case letters or digits of the run: the name of a deleted bucket may stay blocked for an hour */
export function seasonBucketName(site: InstallSite, nonce: string): string {
  if (!NONCE.test(nonce)) throw new RangeError(`no nonce of a bucket: ${nonce}`);
  return `${seasonBucketPrefix(site)}${nonce}`;
}

/** Role of the machines. IAM's names are the account's, not the region's. */
export const roleName = (install: string, region: string): string => `${base(install)}-machine-${region}`;
export const instanceProfileName = roleName;
export const securityGroupName = (install: string): string => `${base(install)}-machine`;
/** SSM document that starts the agent on a machine. */
export const startDocumentName = (install: string): string => `${base(install)}-start`;
/** The function that ends machines after their deadline, and its role. */
export const terminatorName = (install: string): string => `${base(install)}-terminator`;
export const terminatorRoleName = (install: string, region: string): string => `${terminatorName(install)}-${region}`;

/** What the names of this installation's SSM parameters start with. */
export const parameterPrefix = (install: string): string => `/taaf/${install}/`;
/** The user's Topaz sign-in, as a SecureString. */
export const licenceParameterName = (install: string): string => `${parameterPrefix(install)}licence`;

/** Keys in the install's bucket. */
export const installKeys = {
  /** Kits for machines; what follows is the kit's own name. */
  kits: 'kits/',
  topaz: 'topaz/',
  /** The user's own Topaz installer, by its content. */
  topazInstaller: (sha256: string): string => `topaz/${sha256}.msi`,
  /** Ansible's transfers: gone after a day. */
  ansible: 'ansible/',
} as const;

function base(install: string): string {
  if (!INSTALL.test(install)) throw new RangeError(`no id of an installation: ${install}`);
  return `taaf-${install}`;
}
