/**
 * Every external name, as a pure function of what it names: workflow ids, store keys, machine names.
 * Only opaque ids cross a boundary (`[a-z0-9-]{1,64}`); titles and paths travel inside JSON.
 */

/** A folder submitted with a profile: `voyager-s1-9f86d081`. */
export type SeasonId = string;
/** One source video of a season: `e03-5feceb66`. */
export type EpisodeId = string;
/** All that determines an episode's rendered picture, hashed: `r-4e07408562bedb8b60ce`. */
export type RecipeId = string;
/** One launch of a computer for an episode: `e03-5feceb66-l1`. */
export type MachineId = string;
/** A unit of claimable work of one recipe: the restoring, or a segment by its number. */
export type Unit = 'restore' | `s${string}`;
/** Key of an object in a season's store. */
export type StoreKey = string;

const OPAQUE = /^[a-z0-9-]{1,64}$/;

/** Whether a text may cross a boundary as an id. */
export const isOpaque = (text: string): boolean => OPAQUE.test(text);

/** Lower-case ASCII letters and digits joined by single dashes; at most `length` characters, never empty. */
export function slug(text: string, length = 40): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, length)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'x' : plain;
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0');

/** @param pathHash hexadecimal SHA-256 of the install, the folder's real path and the profile */
export const seasonId = (folder: string, pathHash: string): SeasonId => `${slug(folder)}-${pathHash.slice(0, 8)}`;
/** @param pathHash hexadecimal SHA-256 of the source's path relative to the season's folder */
export const episodeId = (number: number, pathHash: string): EpisodeId => `e${pad(number, 2)}-${pathHash.slice(0, 8)}`;
/** @param hash hexadecimal SHA-256 over the canonical JSON of all that determines the picture */
export const recipeId = (hash: string): RecipeId => `r-${hash.slice(0, 20)}`;
export const machineId = (episode: EpisodeId, launch: number): MachineId => `${episode}-l${launch}`;
/** The episode a machine was launched for. */
export const episodeOfMachine = (machine: MachineId): EpisodeId => machine.replace(/-l\d+$/, '');
export const launchOfMachine = (machine: MachineId): number => Number(/-l(\d+)$/.exec(machine)?.[1] ?? 0);

export const segmentUnit = (segment: number): Unit => `s${pad(segment, 5)}`;
export const segmentOfUnit = (unit: Unit): number => Number(unit.slice(1));

/** Task queue of everything TAAF runs; starter and worker share this one constant. */
export const TASK_QUEUE = 'taaf';
/** Queue of the few activities that move or decode whole episodes: two at a time. */
export const TRANSFER_QUEUE = 'taaf-transfer';
export const NAMESPACE = 'taaf';
export const CAPACITY_WORKFLOW_ID = 'taaf/capacity';
export const seasonWorkflowId = (season: SeasonId): string => `taaf/${season}`;
export const episodeWorkflowId = (season: SeasonId, episode: EpisodeId): string => `taaf/${season}/${episode}`;
export const machineWorkflowId = (season: SeasonId, machine: MachineId): string => `taaf/${season}/${machine}`;

/** Keys of a season's store (see docs/architecture.md, "The store"). */
export const keys = {
  plan: 'plan.json',
  source: (episode: EpisodeId, sha256: string): StoreKey => `sources/${episode}/${sha256}`,
  sources: (episode: EpisodeId): StoreKey => `sources/${episode}/`,
  jobs: 'jobs/',
  job: (recipe: RecipeId): StoreKey => `jobs/${recipe}.json`,
  work: (recipe: RecipeId): StoreKey => `work/${recipe}/`,
  claims: (recipe: RecipeId): StoreKey => `work/${recipe}/claims/`,
  claim: (recipe: RecipeId, unit: Unit, epoch: number): StoreKey =>
    `work/${recipe}/claims/${unit}/${pad(epoch, 4)}.json`,
  restored: (recipe: RecipeId, segment: number, machine: MachineId, epoch: number): StoreKey =>
    `work/${recipe}/restored/${segmentUnit(segment)}-${machine}-${epoch}.mkv`,
  manifest: (recipe: RecipeId, edition: number): StoreKey => `work/${recipe}/manifest/${pad(edition, 4)}.json`,
  segment: (recipe: RecipeId, segment: number, machine: MachineId, epoch: number): StoreKey =>
    `work/${recipe}/segments/${segmentUnit(segment)}/${machine}-${epoch}.mkv`,
  receipt: (recipe: RecipeId, segment: number, edition: number): StoreKey =>
    `work/${recipe}/receipts/${segmentUnit(segment)}/${pad(edition, 4)}.json`,
  stills: (recipe: RecipeId): StoreKey => `work/${recipe}/stills/`,
  /** @param name the still's file name at home */
  still: (recipe: RecipeId, segment: number, machine: MachineId, epoch: number, name: string): StoreKey =>
    `work/${recipe}/stills/${segmentUnit(segment)}/${machine}-${epoch}/${name}`,
  accepted: (recipe: RecipeId, kind: string): StoreKey => `work/${recipe}/accepted/${kind}.json`,
  failure: (recipe: RecipeId, unit: Unit, epoch: number): StoreKey =>
    `work/${recipe}/failures/${unit}/${pad(epoch, 4)}.json`,
  /** The void of a record lies beside it in a tree of its own, under the record's own key. */
  void: (recipe: RecipeId, record: StoreKey): StoreKey =>
    `work/${recipe}/void/${record.slice(keys.work(recipe).length)}`,
  machines: 'machines/',
  progress: (machine: MachineId): StoreKey => `machines/${machine}/progress.json`,
  /** Created by the machine at its regular end, or by whoever confirmed that it is gone: all its claims are free at once. */
  ended: (machine: MachineId): StoreKey => `machines/${machine}/ended.json`,
  /** Asks the agent to finish the units in hand and end. */
  drain: (machine: MachineId): StoreKey => `machines/${machine}/drain.json`,
  /** Beside the machines, not under them: whoever looks who lives lists `machines/`, and logs are many. */
  allLogs: 'logs/',
  logs: (machine: MachineId): StoreKey => `logs/${machine}/`,
  log: (machine: MachineId, chunk: number): StoreKey => `logs/${machine}/${pad(chunk, 6)}.log`,
} as const;
