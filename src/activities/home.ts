/** An episode's finished segments at home: each fetched once, checked against its receipt, named by its hash. */
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { sha256OfFile } from '../disk/hash.js';
import type { Board, Counting } from '../domain/board.js';
import { segmentUnit, type RecipeId } from '../domain/ids.js';
import type { Receipt } from '../domain/job.js';
import { failpoint } from '../process/failpoint.js';
import type { ObjectStore } from '../store/port.js';
import { voidRecord } from '../store/records.js';

export interface Home {
  /** Fetches what is finished and not here; a damaged segment voids its receipt and is rendered again. @returns whether all is here */
  bring(recipe: RecipeId, board: Board, signal: AbortSignal): Promise<boolean>;
  /** Paths of all segments in order; call it when all is here. */
  files(board: Board): string[];
  readonly folder: string;
}

export function homeOf(store: ObjectStore, folder: string): Home {
  const checked = new Set<string>();
  const pathOf = (receipt: Receipt): string =>
    join(folder, `${segmentUnit(receipt.segment)}-${receipt.sha256.slice(0, 16)}.mkv`);

  /** The receipts that count for the manifest, in order; a hole where a segment is not finished. */
  const receiptsOf = (board: Board): (Counting<Receipt> | undefined)[] =>
    (board.records.manifest?.record.segments ?? []).map((_segment, index) => {
      const unit = segmentUnit(index);
      return board.units.get(unit)?.state === 'done' ? board.records.receipts.get(unit) : undefined;
    });

  async function isHere(receipt: Receipt): Promise<boolean> {
    if (checked.has(receipt.sha256)) return true;
    const path = pathOf(receipt);
    try {
      if ((await stat(path)).size === receipt.bytes && (await sha256OfFile(path)) === receipt.sha256)
        checked.add(receipt.sha256);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    return checked.has(receipt.sha256);
  }

  async function fetch(recipe: RecipeId, { key, record }: Counting<Receipt>, signal: AbortSignal): Promise<boolean> {
    if (await isHere(record)) return true;
    const object = await store.get(record.key);
    // An object of another size is another object, and may be larger than the disk.
    if (object?.bytes === record.bytes) await object.save(pathOf(record), { signal });
    failpoint('download');
    if (object && (await isHere(record))) return true;
    await rm(pathOf(record), { force: true });
    await voidRecord(store, recipe, key, 'its segment is damaged or gone');
    return false;
  }

  return {
    folder,
    async bring(recipe, board, signal) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      let complete = true;
      for (const receipt of receiptsOf(board)) {
        signal.throwIfAborted();
        complete = receipt !== undefined && (await fetch(recipe, receipt, signal)) && complete;
      }
      return complete;
    },
    files: (board) => receiptsOf(board).flatMap((receipt) => (receipt ? [pathOf(receipt.record)] : [])),
  };
}
