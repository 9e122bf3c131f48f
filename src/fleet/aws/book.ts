/** What this computer has asked EC2 for, written down before it is sent: one small file a machine, replaced as a whole and flushed. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { codeOf, createDurably, ignoreMissing, writeDurably } from '../../disk/durable.js';
import type { Market, Placement } from '../../domain/aws.js';
import { episodeOfMachine, type EpisodeId, type MachineId } from '../../domain/ids.js';
import { Failure, type FailureFact } from '../../domain/failures.js';
import { waitForLock } from '../../process/lock.js';
import type { SystemImage } from './image.js';

/** A request that may have had its effect: until EC2's answer is known it is repeated byte for byte, or what it made is found by its tags. */
export interface Intent {
  readonly placement: Placement;
  readonly request: RunInstancesCommandInput;
  /** When it was written, and when it was last sent: milliseconds since the epoch, by AWS's clock. */
  readonly at: number;
  readonly sentAt: number;
}

export interface MachineEntry {
  /** Number of the newest placement that was tried; numbers never come again, since tokens are made of them. */
  readonly number: number;
  readonly intent?: Intent;
  /** What EC2 gave. */
  readonly launched?: { readonly instance: string; readonly market: Market; readonly at: number };
  /** It came otherwise than it was asked for, and was ended for it. */
  readonly rejected?: FailureFact;
  /** Its release has begun: nothing is launched for it any more. */
  readonly released?: true;
  /** The spot market took it back. */
  readonly reclaimed?: true;
}

export interface Book {
  read(machine: MachineId): Promise<MachineEntry>;
  /** Adds what is new. */
  note(machine: MachineId, news: Partial<MachineEntry>): Promise<void>;
  /** Takes out what is over. */
  forget(machine: MachineId, ...what: readonly (keyof MachineEntry)[]): Promise<void>;
  /** Changes the book of one machine alone: an attempt that its own retry overtakes must not launch beside it. */
  alone<T>(machine: MachineId, signal: AbortSignal, act: () => Promise<T>): Promise<T>;
  /** How many of an episode's machines the spot market took back. */
  losses(episode: EpisodeId): Promise<number>;
  /** The season's image: resolved once, so that all its machines are alike. */
  image(resolve: () => Promise<SystemImage>): Promise<SystemImage>;
}

/** @param folder of one season's launches on this computer */
export function launchBook(folder: string): Book {
  const pathOf = (machine: MachineId): string => join(folder, `${machine}.json`);
  const imagePath = join(folder, 'image', 'image.json');

  async function read(machine: MachineId): Promise<MachineEntry> {
    return { number: 0, ...(await readJson<MachineEntry>(pathOf(machine))) };
  }

  const write = (machine: MachineId, entry: Partial<MachineEntry>): Promise<void> =>
    writeDurably(pathOf(machine), JSON.stringify(entry, undefined, 2));

  return {
    read,
    note: async (machine, news) => write(machine, { ...(await read(machine)), ...news }),
    async forget(machine, ...what) {
      const kept = Object.entries(await read(machine)).filter(([key]) => !what.includes(key as keyof MachineEntry));
      await write(machine, Object.fromEntries(kept));
    },
    async alone(machine, signal, act) {
      const lock = await waitForLock(join(folder, 'locks', machine), { signal });
      if (!lock) throw new Failure('cancelled', `Stopped while another attempt at ${machine} was under way`);
      try {
        signal.throwIfAborted();
        return await act();
      } finally {
        lock.release();
      }
    },
    async losses(episode) {
      const names = (await readdir(folder).catch(noFolder)).filter((name) => name.endsWith('.json'));
      const machines = names.map((name) => name.slice(0, -'.json'.length));
      const entries = await Promise.all(machines.filter((name) => episodeOfMachine(name) === episode).map(read));
      return entries.filter(({ reclaimed }) => reclaimed).length;
    },
    async image(resolve) {
      const known = await readJson<SystemImage>(imagePath);
      if (known) return known;
      const resolved = await resolve();
      await createDurably(imagePath, JSON.stringify(resolved));
      return (await readJson<SystemImage>(imagePath)) ?? resolved;
    },
  };
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

function noFolder(error: unknown): string[] {
  if (codeOf(error) !== 'ENOENT') throw error;
  return [];
}
