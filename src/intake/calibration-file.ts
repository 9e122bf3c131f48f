/** The calibrations on disk: a small JSON file, written as a whole. Two writers at once may lose one measurement, never the file. */
import { readFile } from 'node:fs/promises';
import { ignoreMissing, writeDurably } from '../disk/durable.js';
import { canonicalJson } from '../disk/hash.js';
import { calibrationsSchema, noCalibrations, type Calibrations } from './calibrations.js';

export interface Read {
  readonly calibrations: Calibrations;
  /** What the user should know: the file could not be read and is begun anew. */
  readonly notice?: string;
}

export async function readCalibrations(file: string): Promise<Read> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  if (text === undefined) return { calibrations: noCalibrations };
  const parsed = calibrationsSchema.safeParse(jsonOf(text));
  if (parsed.success) return { calibrations: parsed.data };
  return { calibrations: noCalibrations, notice: `${file} is damaged: estimates start again from guesses` };
}

/** Changes what the file holds; a damaged one is replaced. */
export async function updateCalibrations(file: string, change: (now: Calibrations) => Calibrations): Promise<void> {
  const { calibrations } = await readCalibrations(file);
  await writeDurably(file, canonicalJson(change(calibrations)));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
