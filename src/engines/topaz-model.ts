/**
 * Reads a model's definition as Topaz ships it (`<short name>.json`): whether `tvai_up` can run it, and at which scales. Pure.
 * Only what is known to work is let through: a definition without real backends blocks for ever or crashes when it is called.
 */
import { Failure } from '../domain/failures.js';

export interface TopazModel {
  /** Short name: `prob-4`. */
  readonly name: string;
  /** Factors that it can enlarge by, ascending. */
  readonly scales: readonly number[];
}

/** `modelType` of a definition: 1 upscales, 2 interpolates, 5 stabilises. */
const UPSCALES = 1;
/** Dione's families; only three of the five say so by `interlacedFrames`. */
const DIONE = /^(ddv|dtv|dtd|dtvs|dtds)-/;
/** Runs diffusion models outside `tvai_up`: no backend of a filter. */
const NEUROSERVER = 'neuroserver';

/**
 * @param definition the parsed JSON file
 * @throws Failure `unsupported` naming why the model cannot be used
 */
export function readTopazModel(name: string, definition: unknown): TopazModel {
  const { modelType, enabled, isNeuroserverModel, interlacedFrames, backends } = fieldsOf(definition);
  const refuse = (why: string): Failure =>
    new Failure('unsupported', `TAAF does not run the Topaz model ${name}: ${why}`, {
      next: 'Use another model in the profile, such as prob-4',
    });
  if (modelType !== UPSCALES) throw refuse('it is no model that enlarges');
  if (enabled === 0 || enabled === false) throw refuse('Topaz has switched it off');
  if (DIONE.test(name) || isSet(interlacedFrames)) {
    throw refuse('how many frames it gives for each it takes has not been measured on this machine');
  }
  const scales = isSet(isNeuroserverModel) ? [] : scalesOf(backends);
  if (scales.length === 0) throw refuse('its definition names no backend that the filter tvai_up can use');
  return { name, scales };
}

const isSet = (flag: unknown): boolean => flag !== undefined && flag !== 0 && flag !== false;

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** The scales of all backends, ascending: which backend a machine takes is Topaz's choice, and it names the scale that it lacks. */
function scalesOf(backends: unknown): readonly number[] {
  const real = Object.entries(fieldsOf(backends)).filter(([name]) => name !== NEUROSERVER);
  const all = real.flatMap(([, backend]) => Object.keys(fieldsOf(fieldsOf(backend)['scales'])).map(Number));
  // 0 means "choose for me" to the filter, and it does so by a whole division.
  return [...new Set(all)].filter((scale) => Number.isInteger(scale) && scale > 0).sort((a, b) => a - b);
}
