/** What this computer knows of its installation in AWS: `<data>/aws.json`, written by `taaf aws init`. Nothing secret is in it. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TaafPaths } from '../config/paths.js';
import { ignoreMissing, writeDurably } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';

const kit = z.object({ key: z.string(), sha256: z.string(), bytes: z.number() });

const schema = z.object({
  install: z.string(),
  account: z.string(),
  region: z.string(),
  partition: z.string(),
  /** Named profile of the AWS configuration that made it; seasons use it unless told otherwise. */
  profile: z.string().optional(),
  installBucket: z.string(),
  securityGroup: z.string(),
  vpc: z.string(),
  /** Packed machines, by system. */
  kits: z.record(z.string(), kit).optional(),
  topaz: z
    .object({
      /** When the user said yes to Topaz's licence terms: ISO 8601. */
      agreedAt: z.string(),
      /** Computers that may be signed in at the same time. */
      seats: z.number(),
      installer: kit.extend({ version: z.string().optional() }).optional(),
      /** SSM parameter with the sign-in. */
      licence: z.object({ parameter: z.string() }).optional(),
    })
    .optional(),
});

export type AwsInstallRecord = z.infer<typeof schema>;

const fileOf = (paths: TaafPaths): string => join(paths.data, 'aws.json');

/** @throws Failure `usage` where the file is not what TAAF has written */
export async function awsInstallRecord(paths: TaafPaths): Promise<AwsInstallRecord | undefined> {
  const file = fileOf(paths);
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure('usage', `${file} is damaged`, { cause, next: 'Run: taaf aws init, which writes it anew' });
  }
}

export const saveAwsInstallRecord = (paths: TaafPaths, record: AwsInstallRecord): Promise<void> =>
  writeDurably(fileOf(paths), `${JSON.stringify(record, undefined, 2)}\n`);

export const forgetAwsInstall = (paths: TaafPaths): Promise<void> => rm(fileOf(paths), { force: true });
