/** Where TAAF's own Temporal server answers. */
import type { TaafPaths } from '../config/paths.js';
import { readRecord } from './records.js';

/** `127.0.0.1:7833` while it runs and is ready. */
export const embeddedAddress = async (paths: TaafPaths): Promise<string | undefined> =>
  (await readRecord(paths, 'server'))?.address;
