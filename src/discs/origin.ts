/** An episode's origin opened: what ffmpeg copies it from, and where its film lies. */
import { join } from 'node:path';
import type { Origin } from '../domain/disc.js';
import { Failure } from '../domain/failures.js';
import type { MediaTools } from '../domain/tools.js';
import { probe } from '../media/probe.js';
import { run } from '../process/run.js';
import { fedArgv, titleArgv, type CopyInput } from './copy-argv.js';
import type { Stretch } from './film.js';
import { canvasOf } from './headers.js';
import { titlesOf } from './titles.js';

/** What opening needs. */
export interface OriginTask {
  /** Absolute path of the season's folder. */
  readonly folder: string;
  readonly origin: Origin;
  readonly signal?: AbortSignal | undefined;
}

export interface OpenOrigin {
  /** For people. */
  readonly name: string;
  readonly input: (exactChapters: boolean) => CopyInput;
  readonly film: readonly Stretch[];
  /** Length by the disc's tables; of VOBs without tables roughly. */
  readonly seconds: number;
  /** Seconds at which chapters begin. */
  readonly chapters: readonly number[];
}

/** @throws Failure `bad-source` when it is not there as it was; `tool-missing` when this ffmpeg cannot read discs */
export async function openOrigin(tools: MediaTools, { folder, origin, signal }: OriginTask): Promise<OpenOrigin> {
  if (origin.kind === 'vobs')
    return openVobs(
      tools,
      folder,
      origin.files.map(({ path }) => path),
      signal,
    );
  await requireDiscReader(tools, signal);
  const title = (await titlesOf(folder, origin.disc)).find(({ number }) => number === origin.title);
  if (title === undefined || 'reason' in title) {
    throw new Failure('bad-source', `Title ${origin.title} of ${origin.disc} cannot be played`, {
      evidence: title?.reason ?? 'the disc has no such title',
    });
  }
  const { film, seconds, chapters, pcm } = title;
  const argv = (exact: boolean) => titleArgv(join(folder, origin.disc), origin.title, exact);
  const name = `Title ${origin.title} of ${origin.disc}`;
  return { name, input: (exact) => ({ argv: argv(exact), pcm }), film, seconds, chapters };
}

async function openVobs(
  tools: MediaTools,
  folder: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<OpenOrigin> {
  const [first = ''] = paths;
  const parts = await Promise.all(paths.map((path) => probe(tools, join(folder, path), signal)));
  const sounds = (parts[0]?.streams ?? []).filter(({ kind }) => kind === 'audio');
  const film = paths.map((path, i) => ({ place: join(folder, path), offset: 0, bytes: parts[i]?.bytes ?? 0 }));
  const input: CopyInput = {
    argv: fedArgv,
    fed: film,
    pcm: sounds.map(({ codec }) => codec === 'pcm_dvd'),
    ...(parts[0] === undefined ? {} : { canvas: canvasOf(parts[0].picture) }),
  };
  const seconds = parts.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  return {
    name: paths.length > 1 ? `${first} and what follows it` : first,
    input: () => input,
    film,
    seconds,
    chapters: [],
  };
}

/** Builds of ffmpeg without libdvdnav cannot read discs. */
async function requireDiscReader({ ffmpeg }: MediaTools, signal?: AbortSignal): Promise<void> {
  const { stdout } = await run([ffmpeg, '-hide_banner', '-demuxers'], {
    failure: { kind: 'tool-missing', what: `${ffmpeg} does not run` },
    ...(signal ? { signal } : {}),
  });
  if (/^ D\S* +dvdvideo /m.test(stdout)) return;
  throw new Failure('tool-missing', `${ffmpeg} cannot read DVDs`, {
    evidence: 'this build lacks the dvdvideo demuxer',
    next: 'Set tools.ffmpeg to auto in config.yaml, then run: taaf setup',
  });
}
