/** How many agents this computer carries at once: one for each GPU, else one for every four cores. */
import { availableParallelism } from 'node:os';

const CORES_PER_AGENT = 4;

/** @param gpus GPUs that an engine can use; 0 where there is none */
export const localAgents = (gpus = 0, cores = availableParallelism()): number =>
  gpus > 0 ? gpus : Math.max(1, Math.floor(cores / CORES_PER_AGENT));
