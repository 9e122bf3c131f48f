/** What a machine has learned of Topaz, kept over restarts of its agent: how much memory the GPU has for it, and which models it has tried. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../disk/durable.js';
import { ladder, type Rung } from '../../engines/topaz-filter.js';

export interface TopazMemory {
  rung(): Rung;
  /** Goes down the ladder. @returns false at its end */
  stepDown(): Promise<boolean>;
  /** Whether a use has been tried with success. @param use names model, scale, size and rung */
  hasTried(use: string): boolean;
  tried(use: string): Promise<void>;
}

interface Learned {
  readonly rung: number;
  readonly tried: readonly string[];
}

const NOTHING: Learned = { rung: 0, tried: [] };

/** @param folder of the machine's own; absent: kept in memory only */
export async function openMemory(folder: string | undefined): Promise<TopazMemory> {
  const file = folder === undefined ? undefined : join(folder, 'topaz.json');
  let learned = file === undefined ? NOTHING : await readLearned(file);
  const keep = async (next: Learned): Promise<void> => {
    learned = next;
    if (file !== undefined) await writeDurably(file, `${JSON.stringify(learned)}\n`);
  };
  const at = (rung: number): Rung => ladder[rung] ?? { vram: 1, twice: false };
  return {
    rung: () => at(learned.rung),
    async stepDown() {
      if (learned.rung + 1 >= ladder.length) return false;
      await keep({ ...learned, rung: learned.rung + 1 });
      return true;
    },
    hasTried: (use) => learned.tried.includes(use),
    tried: (use) => keep({ ...learned, tried: [...learned.tried, use] }),
  };
}

/** What cannot be read is learned again. */
async function readLearned(file: string): Promise<Learned> {
  try {
    const { rung, tried } = JSON.parse(await readFile(file, 'utf8')) as Partial<Learned>;
    return { rung: rung ?? 0, tried: tried ?? [] };
  } catch {
    return NOTHING;
  }
}
