/** What a source video is, as facts read from it once and carried in the plan. */
import type { Passage } from './cadence.js';

export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** Every frame's time is a whole number of these: 1/120000 s divides 24000/1001, 30000/1001, 60000/1001 and 25 exactly. */
export const TICKS_PER_SECOND = 120_000;

export const secondsOf = (ticks: number): number => ticks / TICKS_PER_SECOND;

/** Nearest tick of a time in seconds. */
export const ticksOf = (seconds: number): number => Math.round(seconds * TICKS_PER_SECOND);

export const ratio = (r: Rational): number => r.num / r.den;

/** Colour description in ffmpeg's own names (`smpte170m`, `bt470bg`, `bt709`, `tv`…). Never `unknown`: intake resolves it. */
export interface Colour {
  readonly primaries: string;
  readonly transfer: string;
  readonly matrix: string;
  readonly range: 'tv' | 'pc';
}

export interface Picture {
  readonly codec: string;
  /** Coded size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Shape of a pixel (sample aspect ratio): 8:9 for NTSC 4:3 over 720 columns. */
  readonly sar: Rational;
  readonly pixelFormat: string;
  /** Average frames a second as the container states them; a hint, never a truth (soft telecine lies). */
  readonly frameRate: Rational;
  readonly colour: Colour;
  /** Length of the picture alone, where the container states it. */
  readonly durationSeconds?: number;
  /** The stream says that its frames are made of two fields; a hint too. */
  readonly interlaced?: boolean;
  /** Data of closed captions lie beside its frames; whether they ever say anything shows when all are read. */
  readonly captions?: boolean;
  /** What people call the stream, for the result's own picture. */
  readonly labels?: StreamLabels;
}

export type StreamKind = 'video' | 'audio' | 'subtitle' | 'attachment' | 'data';

export interface StreamLabels {
  readonly language?: string;
  readonly title?: string;
  /** Names of the dispositions that are set: `default`, `forced`, `comment`… sorted. */
  readonly dispositions: readonly string[];
}

export interface SourceStream extends StreamLabels {
  /** Index in the source file, as ffmpeg counts. */
  readonly index: number;
  readonly kind: StreamKind;
  readonly codec: string;
  /** First time stamp in seconds; absent where the container has none (attachments). */
  readonly startSeconds?: number;
  /** Audio: channels and sample rate. */
  readonly channels?: number;
  readonly sampleRate?: number;
  /** Bitmap subtitles: the canvas that their coordinates mean. */
  readonly canvas?: { readonly width: number; readonly height: number };
  /** Attachments. */
  readonly filename?: string;
  readonly mimetype?: string;
}

export interface Chapter {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly title?: string;
}

export interface SourceInfo {
  readonly container: string;
  readonly bytes: number;
  readonly durationSeconds: number;
  /** The video stream that is upscaled; the others are in `streams`. */
  readonly picture: Picture;
  readonly pictureStream: number;
  readonly streams: readonly SourceStream[];
  readonly chapters: readonly Chapter[];
  readonly title?: string;
}

/** How film or video frames lie in the coded frames of the source. */
export type Cadence = 'progressive' | 'hard-telecine' | 'soft-telecine' | 'interlaced';

export interface CadenceVerdict {
  /** That of the source as a whole, or of most of it. */
  readonly cadence: Cadence;
  readonly fieldOrder: 'tff' | 'bff';
  /** 0 to 1: share of what moves in the picture that the verdict explains. */
  readonly confidence: number;
  /** One line a human can judge. */
  readonly evidence: string;
  /** Where the source is more than one thing, or film that has to be put together from fields: what it is frame by frame, without gaps. */
  readonly passages?: readonly Passage[];
}
