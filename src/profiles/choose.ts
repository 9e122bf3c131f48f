/** The profile of a season that names none: by the hardware that will do the work. */
import type { BuiltinName, ProfilePlace } from './builtin.js';

export interface Hardware extends ProfilePlace {
  /** Name of the GPU that the ONNX engine would use; absent on a plain CPU. */
  readonly gpu?: string;
}

export interface Choice {
  readonly profile: BuiltinName;
  /** One sentence for `taaf plan`. */
  readonly reason: string;
}

export function chooseProfile({ gpu, topaz = false }: Hardware): Choice {
  if (topaz) return { profile: 'live-4k', reason: 'The machines have your Topaz: its model prob-4 does the work.' };
  if (gpu === undefined) {
    return {
      profile: 'dvd-4k-fast',
      reason: 'There is no GPU here, and an AI model on the CPU would take days a season.',
    };
  }
  return { profile: 'live-4k', reason: `${gpu} is fast enough for a photographic AI model.` };
}
