/** Finds out how film or video lies in a source's frames, by looking at all of them once. */
import { ratio, type CadenceVerdict, type Picture, type SourceInfo } from '../domain/media.js';
import type { CadenceWord } from '../domain/cadence.js';
import { cadenceMap } from './cadence-map.js';
import { readFields, type Film } from './cadence-pass.js';
import { verdictOf } from './cadence-verdict.js';
import type { MediaTools } from './restore-task.js';

export interface Looking {
  /** What the user says about stretches of the source. */
  readonly words?: readonly CadenceWord[];
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how many frames have been looked at, and of how many. */
  readonly onFrames?: (done: number, of: number) => void;
}

/**
 * Verdict on a source's cadence. Sources that cannot hide film or fields in their frames are not decoded.
 * @throws Failure `bad-source` when its frames cannot be decoded
 */
export async function detectCadence(
  tools: MediaTools,
  film: Film,
  info: Pick<SourceInfo, 'picture' | 'durationSeconds'>,
  looking: Looking = {},
): Promise<CadenceVerdict> {
  if (!mayHideFields(info.picture) && looking.words === undefined) return plainVerdict(info.picture);
  const report = await readFields(tools, film, info, looking);
  return verdictOf(cadenceMap(report, mayBeFilm(info.picture), looking.words));
}

/** Film that says its own rate hides nothing. */
const FILM_RATE = 24.5;
/** Rates from here on are those of fields. Soft telecine makes containers guess anything up to 35. */
const FIELD_RATE = 40;

/** Lines of half a television picture and of a whole one: a smaller picture has no fields, a larger one says so. */
const HALF_LINES = 240;
const SD_LINES = 576;

/** Television of standard definition, and whatever says itself that it is interlaced. */
const mayHideFields = ({ height, frameRate, interlaced }: Picture): boolean =>
  interlaced === true ||
  (height >= HALF_LINES && height <= SD_LINES && ratio(frameRate) > FILM_RATE && ratio(frameRate) < FIELD_RATE);

/** Film is telecined to 30 frames a second; what a container says of soft telecine lies around it. */
const mayBeFilm = ({ frameRate }: Picture): boolean => ratio(frameRate) > 25.5 && ratio(frameRate) < FIELD_RATE;

const plainVerdict = ({ width, height, frameRate }: Picture): CadenceVerdict => ({
  cadence: 'progressive',
  fieldOrder: 'tff',
  confidence: 1,
  evidence: `${width}x${height} at ${ratio(frameRate).toFixed(2)} frames a second, not flagged as interlaced`,
});
