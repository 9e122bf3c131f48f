/** A check of this computer: it may find things bad, it never fails itself. */
import { factOf } from '../../domain/failures.js';
import type { LoadedConfig } from '../../config/load.js';
import type { TaafPaths } from '../../config/paths.js';
import type { Context } from '../context.js';
import type { Finding } from '../views/doctor.js';

/** What checks look at. */
export interface Computer {
  readonly context: Context;
  readonly paths: TaafPaths;
  readonly settings: LoadedConfig;
}

export type Check = (computer: Computer) => Promise<readonly Finding[]>;

/** What a check threw is what it found. */
export async function findingsOf(name: string, check: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    const { what, evidence, next } = factOf(error);
    const found = evidence === undefined ? what : `${what} (${evidence})`;
    return [{ name, state: 'bad', found, ...(next === undefined ? {} : { fix: next }) }];
  }
}
