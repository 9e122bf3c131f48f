/** Where Topaz is on this machine. Its two product lines have folders of their own; the newer one goes first. */
import { access } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { Failure } from '../../domain/failures.js';
import type { TopazPlace } from '../../domain/topaz.js';

export interface TopazInstall {
  readonly ffmpeg: string;
  /** Topaz's programs are run from here. */
  readonly folder: string;
  readonly models: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** "Topaz Video AI" ended at 7.1.3; "Topaz Video" counts anew from 1. */
const LINES = ['Topaz Video', 'Topaz Video AI'] as const;

/** Where the installers put it. */
export function usualPlaces(env: Env): readonly TopazPlace[] {
  const programs = env['ProgramW6432'] ?? env['ProgramFiles'] ?? 'C:\\Program Files';
  const data = env['ProgramData'] ?? 'C:\\ProgramData';
  return LINES.map((line) => ({
    folder: win32.join(programs, 'Topaz Labs LLC', line),
    models: win32.join(data, 'Topaz Labs LLC', line, 'models'),
  }));
}

const program = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';

/**
 * @param place the one to take; the usual ones are looked at where it is absent
 * @throws Failure `unsupported` on another system than Windows, `configure-failed` when it is not there
 */
export async function findTopaz(place: TopazPlace | undefined, env: Env = process.env): Promise<TopazInstall> {
  if (!place && process.platform !== 'win32') {
    throw new Failure('unsupported', 'The topaz engine runs on Windows machines of the AWS fleet only', {
      next: 'Choose a profile with the onnx or ffmpeg engine: taaf profiles',
    });
  }
  const places = place ? [place] : usualPlaces(env);
  for (const { folder, models } of places) {
    const ffmpeg = join(folder, program);
    if ((await exists(ffmpeg)) && (await exists(models))) return { ffmpeg, folder, models };
  }
  throw new Failure('configure-failed', 'Topaz is not installed on this machine', {
    evidence: places.map(({ folder, models }) => `${folder} with ${models}`).join(', or '),
  });
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
