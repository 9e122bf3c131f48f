/**
 * Colours around Topaz's filter, which takes and gives packed RGB of 16 bits. BT.709 before the model and after it, as for the open models:
 * by zscale where the build has it (its flags name zimg), else by swscale, which converts primaries from ffmpeg 8.1 on. Pure.
 */
import { Failure } from '../domain/failures.js';
import { filterOptions } from './topaz-options.js';
import type { RestoredTask, SegmentTask } from './engine.js';
import { counted, grain, restoredToRgb, rgbToTarget, WHOLE } from './filters.js';
import { nvencFormat } from './nvenc.js';
import type { TopazMachine } from './topaz-filter.js';

/**
 * @param zscaleHelp, scaleHelp what `-h filter=zscale` and `-h filter=scale` print
 * @throws Failure `unsupported` when primaries cannot be converted: reds would be off by 11 codes
 */
export function colourOfBuild(zscaleHelp: string, scaleHelp: string): TopazMachine['colour'] {
  if (filterOptions(zscaleHelp).has('primaries')) return 'zscale';
  if (filterOptions(scaleHelp).has('out_primaries')) return 'scale';
  throw new Failure('unsupported', 'The ffmpeg of this Topaz version cannot convert colour primaries', {
    evidence: 'It has no filter zscale, and its filter scale has no option out_primaries',
    next: 'Install another version of Topaz on the machine',
  });
}

const ACCURATE = 'accurate_rnd+full_chroma_int+full_chroma_inp';
const TO_709 = 'out_primaries=bt709:out_transfer=bt709';

/** Restored picture → what the model sees. */
export function modelPicture(task: RestoredTask, { colour }: TopazMachine): string {
  if (colour === 'zscale') return restoredToRgb(task);
  const { matrix, primaries, range } = task.job.info.picture.colour;
  const from = `in_color_matrix=${matrix}:in_range=${range}:in_primaries=${primaries}:in_transfer=bt709`;
  return `${counted(task)},${WHOLE},scale=flags=bicubic+${ACCURATE}:${from}:${TO_709}:out_range=pc,format=rgb48le`;
}

/** The model's picture → what is encoded. */
export function targetPicture(task: SegmentTask, { colour }: TopazMachine): string {
  const { target, profile } = task.job;
  const encoded = `format=${nvencFormat(profile.encode)}`;
  const deviation = profile.upscale.grain;
  if (colour === 'zscale') return `${rgbToTarget(task)},${grain(task, deviation)},${encoded}`;
  if (deviation > 0) {
    throw new Failure(
      'unsupported',
      'The ffmpeg of this Topaz version cannot put grain back: it has no filter zscale',
      {
        next: 'Set upscale.grain to 0 in the profile',
      },
    );
  }
  const size = `w=${target.width}:h=${target.height}:flags=lanczos+${ACCURATE}`;
  const into = 'in_primaries=bt709:in_transfer=bt709:out_color_matrix=bt709:out_range=tv';
  return `${counted(task)},scale=${size}:${into}:${TO_709},${encoded},setsar=1`;
}
