/** What a profile file may say: ranges, defaults and the sentences that editors and `taaf profiles` show. */
import { z } from 'zod';
import type { Codec, Profile } from '../domain/profile.js';
import { TOPAZ_MODEL } from '../domain/topaz.js';

const x26x = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
  'slower',
  'veryslow',
  'placebo',
] as const;

interface CodecFacts {
  readonly quality: number;
  readonly worst: number;
  readonly presets: readonly string[];
  readonly preset: string;
  readonly bits: readonly (8 | 10)[];
}

/** Per codec: default and worst quality, the encoder's presets, and its bit depths with the default first. */
const codecFacts: Readonly<Record<Codec, CodecFacts>> = {
  hevc: { quality: 18, worst: 51, presets: x26x, preset: 'medium', bits: [10, 8] },
  h264: { quality: 17, worst: 51, presets: x26x, preset: 'medium', bits: [8, 10] },
  av1: { quality: 24, worst: 63, presets: Array.from({ length: 14 }, (_, n) => String(n)), preset: '6', bits: [10, 8] },
  ffv1: { quality: 0, worst: 0, presets: ['default'], preset: 'default', bits: [10, 8] },
  prores: { quality: 0, worst: 0, presets: ['default'], preset: 'default', bits: [10] },
};

const grain = z
  .number()
  .min(0)
  .max(20)
  .default(0)
  .describe('Film grain put back: standard deviation in 8-bit code values; 0 is none');

const restore = z.strictObject({
  cadence: z
    .enum(['auto', 'progressive', 'hard-telecine', 'soft-telecine', 'interlaced'])
    .default('auto')
    .describe("How film lies in the coded frames; auto takes intake's verdict"),
  interlaced: z
    .enum(['field', 'frame'])
    .default('field')
    .describe('True video: one frame per field (all motion, twice the frames) or one per frame'),
  segmentSeconds: z
    .number()
    .min(1)
    .max(600)
    .default(60)
    .describe('Wanted length of a segment in seconds of picture: what a crash can cost'),
  command: z
    .array(z.string().min(1))
    .min(1)
    .refine((argv) => argv.some((word) => word.includes('{source}')), {
      error: 'must name {source} in one of its words',
    })
    .optional()
    .describe('A filter chain of your own: program and arguments that read {source} and write y4m to standard output'),
});

const upscale = z.discriminatedUnion('engine', [
  z.strictObject({
    engine: z.literal('onnx').describe('An AI model, on the GPU where there is one'),
    model: z.string().min(1).describe("A built-in model's name, or the path of an ONNX model relative to this file"),
    strength: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe("How much of the model's picture is blended over the Lanczos picture"),
    grain,
  }),
  z.strictObject({
    engine: z.literal('ffmpeg').describe('A classic scaler'),
    scaler: z.enum(['lanczos', 'spline', 'bicubic']).default('lanczos').describe('The filter that enlarges'),
    grain,
  }),
  z.strictObject({
    engine: z.literal('topaz').describe('Topaz Video, licensed by you'),
    model: z
      .string()
      .min(1)
      .regex(TOPAZ_MODEL, { error: 'must be the short name of a Topaz model, such as prob-4' })
      .describe('Short name of a Topaz model: prob-4'),
    grain,
  }),
]);

const size = z
  .strictObject({
    scale: z.number().min(1).max(8).optional().describe('Factor over the source in square pixels'),
    height: z
      .int()
      .min(64)
      .max(4320)
      .multipleOf(2)
      .optional()
      .describe("Height in pixels; the width follows from the source's display shape"),
  })
  .refine(({ scale, height }) => (scale === undefined) !== (height === undefined), {
    error: 'needs either scale or height',
  });

const encode = z
  .strictObject({
    codec: z.enum(['hevc', 'h264', 'av1', 'ffv1', 'prores']).default('hevc').describe('Format of the picture'),
    quality: z.number().min(0).max(63).optional().describe('CRF, lower is better; only hevc, h264 and av1 have it'),
    preset: z.union([z.string(), z.number()]).optional().describe("The encoder's own preset: medium, or 6 for av1"),
    bits: z.literal([8, 10]).optional().describe('Bits per channel'),
    keyframeSeconds: z.number().min(0.5).max(20).default(5).describe('Longest distance between key frames in seconds'),
  })
  .superRefine((step, context) => {
    const facts = codecFacts[step.codec];
    const complain = (key: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message: `${message} (codec ${step.codec})` });
    if (step.quality !== undefined && step.quality > facts.worst) complain('quality', `must be 0 to ${facts.worst}`);
    if (step.preset !== undefined && !facts.presets.includes(String(step.preset))) {
      complain('preset', `must be one of ${facts.presets.join(', ')}`);
    }
    if (step.bits !== undefined && !facts.bits.includes(step.bits))
      complain('bits', `must be ${facts.bits.join(' or ')}`);
  });

/** A profile file; its name is the file's own, so it does not stand in the text. */
export const profileFile = z
  .strictObject({
    description: z.string().default('').describe('One sentence for `taaf profiles`'),
    restore: restore.prefault({}).describe('Telecine and interlace are removed, the picture is cut into segments'),
    upscale: upscale.describe('The engine and what it is told'),
    size: size.prefault({ height: 2160 }).describe('Size of the result'),
    encode: encode.prefault({}).describe('How the result is encoded'),
  })
  .superRefine(({ upscale: { engine }, encode: { codec } }, context) => {
    if (engine !== 'topaz' || codec === 'hevc') return;
    const message = 'must be hevc for the engine topaz: TAAF uses no other encoder of its ffmpeg';
    context.addIssue({ code: 'custom', path: ['encode', 'codec'], message });
  });

export type ProfileFile = z.output<typeof profileFile>;

/** A checked file as a profile: what depends on the codec is filled in. */
export function profileOf(name: string, { description, restore, upscale, size, encode }: ProfileFile): Profile {
  const facts = codecFacts[encode.codec];
  const { command, ...steps } = restore;
  return {
    name,
    description,
    restore: command === undefined ? steps : { ...steps, command },
    upscale,
    size: size.scale === undefined ? { height: size.height ?? 2160 } : { scale: size.scale },
    encode: {
      codec: encode.codec,
      quality: encode.quality ?? facts.quality,
      preset: String(encode.preset ?? facts.preset),
      bits: encode.bits ?? facts.bits[0] ?? 10,
      keyframeSeconds: encode.keyframeSeconds,
    },
  };
}
