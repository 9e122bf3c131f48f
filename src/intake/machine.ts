/** The computer that a calibration holds for. */
import { availableParallelism, cpus } from 'node:os';

export interface Machine {
  /** Processor, cores and GPU: what was measured on one such computer holds on the next. */
  readonly name: string;
  readonly cores: number;
  /** Name of the GPU that the engine uses; absent where it computes on the processor. */
  readonly gpu?: string;
  /** The GPU's speed against one of the middle class, where that is known; a guess until it is measured. */
  readonly speed?: number;
}

export function thisMachine(gpu?: string): Machine {
  const cores = availableParallelism();
  const processor = `${cpus()[0]?.model.trim() ?? process.arch} x${cores}`;
  return gpu === undefined ? { name: processor, cores } : { name: `${processor}, ${gpu}`, cores, gpu };
}
