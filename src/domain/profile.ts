/** A profile is the recipe's text: restore → upscale → encode → mux. `src/profiles` reads and checks them; here are its words. */

export type EngineName = 'topaz' | 'onnx' | 'ffmpeg';
export type Codec = 'hevc' | 'h264' | 'av1' | 'ffv1' | 'prores';
export type Scaler = 'lanczos' | 'spline' | 'bicubic';

export interface RestoreStep {
  /** `auto` takes intake's verdict; anything else overrules it. */
  readonly cadence: 'auto' | 'progressive' | 'hard-telecine' | 'soft-telecine' | 'interlaced';
  /** True video: one frame per field (all motion kept, twice the frames) or one per frame. */
  readonly interlaced: 'field' | 'frame';
  /** Wanted length of a segment in seconds of picture: what a crash can cost. */
  readonly segmentSeconds: number;
  /** The user's own filter chain in place of TAAF's: argv that reads `{source}` and writes y4m to standard output. */
  readonly command?: readonly string[];
}

export type UpscaleStep =
  | {
      readonly engine: 'onnx';
      /** A built-in model's name, or the path of any ×N super-resolution ONNX model. */
      readonly model: string;
      /** 0..1: how much of the model's picture is blended over the Lanczos picture. */
      readonly strength: number;
      /** Standard deviation of the film grain put back, in 8-bit code values; 0 is none. */
      readonly grain: number;
    }
  | { readonly engine: 'ffmpeg'; readonly scaler: Scaler; readonly grain: number }
  | { readonly engine: 'topaz'; readonly model: string; readonly grain: number };

/** Target size: a factor over the square-pixel source, or a fixed height whose width follows from the display shape. */
export type TargetSize = { readonly scale: number } | { readonly height: number };

export interface EncodeStep {
  readonly codec: Codec;
  /** CRF for hevc, h264 and av1 (lower is better), the constant QP where NVENC encodes; ignored by ffv1 and prores. */
  readonly quality: number;
  /** The encoder's own preset name or number. */
  readonly preset: string;
  readonly bits: 8 | 10;
  /** Longest distance between key frames, in seconds. */
  readonly keyframeSeconds: number;
}

export interface Profile {
  readonly name: string;
  readonly description: string;
  readonly restore: RestoreStep;
  readonly upscale: UpscaleStep;
  readonly size: TargetSize;
  readonly encode: EncodeStep;
}
