/** The filter chains that give every cadence its frames back, and the commands around them. Pure: no process is started here. */
import type { Passage } from '../domain/cadence.js';
import type { Job } from '../domain/job.js';
import { ratio, TICKS_PER_SECOND, type Cadence, type CadenceVerdict, type Picture } from '../domain/media.js';
import type { Profile } from '../domain/profile.js';
import { passageFilters } from './map-chain.js';
import { ANY_CLOCK, FILM_CLOCK, type Clock } from './steady-times.js';

/** The cadence that counts: the profile's word overrules intake's verdict. */
export const cadenceOf = ({ cadence, profile }: Pick<Job, 'cadence' | 'profile'>): Cadence =>
  profile.restore.cadence === 'auto' ? cadence.cadence : profile.restore.cadence;

/** What the source is frame by frame, where that counts: the profile overrules it, and a command of the user's has eyes of its own. */
export const passagesOf = ({ cadence, profile }: Pick<Job, 'cadence' | 'profile'>): readonly Passage[] | undefined =>
  profile.restore.cadence === 'auto' && profile.restore.command === undefined ? cadence.passages : undefined;

/** The clock that the restored frames may follow. */
export const clockOf = (cadence: Cadence): Clock => (cadence === 'soft-telecine' ? FILM_CLOCK : ANY_CLOCK);

/** Filters from decoded to restored frames. Soft telecine decodes as film: its frames are right, only their times swing. */
export function cadenceFilters(
  cadence: Cadence,
  fieldOrder: CadenceVerdict['fieldOrder'],
  interlaced: Profile['restore']['interlaced'],
  picture: Pick<Picture, 'frameRate'>,
): string[] {
  const field = `setfield=${fieldOrder}`;
  const bob = (mode: string, which: string) => `bwdif=mode=${mode}:parity=${fieldOrder}:deint=${which}`;
  switch (cadence) {
    case 'progressive':
    case 'soft-telecine':
      return [];
    case 'interlaced':
      return [field, bob(interlaced === 'field' ? 'send_field' : 'send_frame', 'all')];
    case 'hard-telecine':
      // dejudder and fps make softly telecined passages in between look like the rest: decimate wants a constant rate.
      return [
        'dejudder',
        `fps=${videoRate(picture)}`,
        field,
        `fieldmatch=order=${fieldOrder}`,
        bob('send_frame', 'interlaced'),
        'decimate',
      ];
  }
}

/** The rate that film was telecined to: 30 exactly only where the container says so. */
const videoRate = ({ frameRate }: Pick<Picture, 'frameRate'>): string =>
  Math.abs(ratio(frameRate) - 30) < 0.01 ? '30' : '30000/1001';

/**
 * The whole chain, picture at its native pixels. It starts the clock at 0 and ends by printing time and scene score of every frame.
 * @param startTicks time of the first decoded frame as ffmpeg counts
 */
export function restoreFilters(job: Job, startTicks: number): string {
  const { interlaced } = job.profile.restore;
  const { fieldOrder } = job.cadence;
  const passages = passagesOf(job);
  const cadence = passages
    ? passageFilters(passages, fieldOrder, interlaced)
    : cadenceFilters(cadenceOf(job), fieldOrder, interlaced, job.info.picture);
  return [`settb=1/${TICKS_PER_SECOND}`, `setpts=PTS-(${startTicks})`, ...cadence, ...reportFilters(job)].join(',');
}

/** Tags the colour and prints, for every frame, `frame:… pts:<ticks> …` and its scene score on standard output. */
export function reportFilters(job: Job): string[] {
  const { primaries, transfer, matrix, range } = job.info.picture.colour;
  return [
    `setparams=color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}:range=${range}`,
    `settb=1/${TICKS_PER_SECOND}`,
    'scdet',
    'metadata=mode=print:key=lavfi.scd.score:file=-',
  ];
}

/** Lossless, every frame a key frame with checksums; the same input always gives the same bytes. */
export const restoredOutput = (path: string): string[] => [
  '-fps_mode',
  'passthrough',
  '-enc_time_base',
  `1/${TICKS_PER_SECOND}`,
  ...['-c:v', 'ffv1', '-level', '3', '-g', '1', '-slices', '4', '-slicecrc', '1'],
  ...['-flags:v', '+bitexact', '-fflags', '+bitexact', '-map_metadata', '-1', '-map_chapters', '-1'],
  ...['-f', 'matroska', path],
];
