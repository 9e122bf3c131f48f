/** The text of Topaz's filter: model, scale, memory and parameters, in the options that the build at hand has. Pure. */
import { Failure } from '../domain/failures.js';
import type { TopazParameters } from '../domain/topaz.js';
import { topazParameterNames } from '../domain/topaz.js';
import type { TopazModel } from './topaz-model.js';

/** What the install on a machine can do, as it was probed there. */
export interface TopazMachine {
  /** Options of `tvai_up`. */
  readonly options: ReadonlySet<string>;
  /** How colours are converted: `zscale`, or `scale` where it knows primaries (ffmpeg 8.1 and newer). */
  readonly colour: 'zscale' | 'scale';
}

/** How sparing a render is with the GPU's memory. Topaz's extra instances are never asked for, so the ladder begins below them. */
export interface Rung {
  readonly vram: number;
  /** Four times as twice two times. */
  readonly twice: boolean;
}

export const ladder: readonly Rung[] = [
  { vram: 1, twice: false },
  { vram: 0.5, twice: false },
  { vram: 0.5, twice: true },
];

/** How a model is used on a machine. */
export interface TopazUse {
  readonly machine: TopazMachine;
  readonly model: TopazModel;
  readonly rung: Rung;
}

/** What an enlargement is told. */
export interface Upscaling {
  readonly model: string;
  readonly scale: number;
  readonly vram: number;
  /** Missing weights are fetched; otherwise they fail at once. */
  readonly download: boolean;
  readonly parameters?: TopazParameters;
}

/**
 * `device=-2` chooses the GPU itself. `kcolor` and the like keep their defaults; so does whatever the build does not know.
 */
export function upscaleFilter({ options }: TopazMachine, upscaling: Upscaling): string {
  const { model, scale, vram, download, parameters } = upscaling;
  const wanted: readonly (readonly [string, string | number])[] = [
    ['model', model],
    ['scale', scale],
    ['device', -2],
    ['vram', vram],
    ['instances', 0],
    ['download', download ? 1 : 0],
    // Parameters are given as they are: estimated here, they would differ from segment to segment.
    ['estimate', 0],
    ...(parameters ? topazParameterNames.map((name) => [name, parameters[name]] as const) : []),
  ];
  return `tvai_up=${wanted
    .filter(([name]) => options.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .join(':')}`;
}

/** The smallest scale that reaches the target, else the largest there is. */
export function scaleFor({ scales }: TopazModel, factor: number): number {
  const scale = scales.find((each) => each >= factor - 0.001) ?? scales.at(-1);
  if (scale === undefined) throw new Failure('bug', 'a Topaz model without scales was to be used');
  return scale;
}

/** The filters that enlarge by `scale` on a rung. */
export function enlarge({ machine, model, rung }: TopazUse, upscaling: Omit<Upscaling, 'vram' | 'model'>): string {
  const twice = rung.twice && upscaling.scale === 4 && model.scales.includes(2);
  const once = upscaleFilter(machine, {
    ...upscaling,
    model: model.name,
    scale: twice ? 2 : upscaling.scale,
    vram: rung.vram,
  });
  return twice ? `${once},${once}` : once;
}
