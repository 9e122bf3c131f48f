/** The settings: what may stand in the user's config.yaml and in a season's taaf.yaml. The words here are the documentation too. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { DEFAULT_NAME, templateFault } from '../domain/name-template.js';

const program = z.string().refine((text) => text === 'auto' || text === 'path' || isAbsolute(text), {
  error: 'must be auto, path, or an absolute path',
});

const name = z.string().superRefine((text, context) => {
  const fault = templateFault(text);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

const number = z.int().min(0).max(9999);

const season = {
  profile: z
    .string()
    .min(1)
    .optional()
    .describe('Profile of a season whose submit names none; a name or the path of a profile file'),
  out: z.string().min(1).optional().describe('Folder for the results; relative to the folder of this file'),
  width: z.int().min(1).max(100).optional().describe('How many episodes are worked on at once'),
  fleet: z.enum(['local', 'aws']).optional().describe('Where the machines come from: this computer, or EC2'),
  name: name
    .optional()
    .describe(
      `How results are called whose show, season and number are known; otherwise as their source. Default: ${DEFAULT_NAME}`,
    ),
  notify: z
    .array(z.string().min(1))
    .optional()
    .describe('Apprise URLs that are told when a season ends or needs you, such as ntfy://topic or mailto://…'),
};

/** Settings of the user and of this computer. */
export const configSchema = z.strictObject({
  ...season,
  work: z
    .string()
    .min(1)
    .optional()
    .describe('Folder for seasons in the making (tens of gigabytes an episode); relative to the folder of this file'),
  tools: z
    .strictObject({
      ffmpeg: program.optional().describe('auto: the one of `taaf setup`; path: the one on PATH; or an absolute path'),
      temporal: program.optional().describe('The Temporal CLI, chosen like ffmpeg'),
    })
    .optional()
    .describe('Programs to use in place of those that `taaf setup` installs'),
  local: z
    .strictObject({
      agents: z
        .union([z.literal('auto'), z.int().min(1).max(256)])
        .optional()
        .describe('How many agents render at once on this computer; auto: one per GPU, else as the cores allow'),
    })
    .optional()
    .describe('This computer as a fleet'),
  aws: z
    .strictObject({
      profile: z
        .string()
        .min(1)
        .optional()
        .describe('Named profile of your AWS configuration; without it the SDK’s own chain'),
      region: z
        .string()
        .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'must be a region such as us-east-1' })
        .optional()
        .describe('Region of the machines; without it the one of `taaf aws init`'),
      types: z
        .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9]+$/, { error: 'must be an instance type such as g6.2xlarge' }))
        .min(1)
        .max(12)
        .optional()
        .describe('EC2 instance types that may be used; the cheapest that is there is taken'),
      market: z
        .enum(['spot', 'on-demand'])
        .optional()
        .describe(
          'spot is cheaper and may be taken back: what is finished is safe, and after two losses on-demand is used',
        ),
      volume: z.int().min(50).max(16_000).optional().describe('Size of a machine’s disk in GiB'),
      hours: z.int().min(1).max(120).optional().describe('A machine is gone after so many hours, whatever happens'),
    })
    .optional()
    .describe('Machines in AWS'),
});

/** Settings of one season. It names no programs and no folders of this computer: a season's folder may come from elsewhere. */
export const seasonSchema = z.strictObject({
  ...season,
  show: z.string().min(1).optional().describe('Name of the show, where the names of the files do not say it'),
  season: z.int().min(0).max(999).optional().describe('Number of the season, likewise'),
  episodes: z
    .record(
      z.string().min(1),
      z.strictObject({
        profile: z.string().min(1).optional().describe('Profile of this episode'),
        skip: z.boolean().optional().describe('Leave this episode out'),
        number: z
          .union([number, z.array(number).min(2).max(99)])
          .optional()
          .describe('Its number in the season; a list where it holds several episodes'),
        title: z.string().min(1).optional().describe('Its title'),
      }),
    )
    .optional()
    .describe('Single episodes, by their file name without its ending, or by the title on its disc: "disc1 t03"'),
});

export type ConfigFile = z.infer<typeof configSchema>;
export type SeasonFile = z.infer<typeof seasonSchema>;
