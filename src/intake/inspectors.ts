/** The real inspectors: ffprobe reads the headers, ffmpeg the cadence. */
import type { Tools } from '../domain/tools.js';
import { detectCadence } from '../media/cadence.js';
import { probe } from '../media/probe.js';
import type { Inspectors } from './inspect.js';

export const inspectorsOf = (tools: Tools): Inspectors => ({
  probe: (path, signal) => probe(tools, path, signal),
  detectCadence: (path, info, signal) => detectCadence(tools, path, info, { signal }),
});
