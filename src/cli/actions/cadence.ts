/** `taaf cadence`: what is known of a file's cadence, and the user's word about it, for the next plan. */
import { realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { taafPaths } from '../../config/paths.js';
import { ignoreMissing } from '../../disk/durable.js';
import type { CadenceWord } from '../../domain/cadence.js';
import { Failure } from '../../domain/failures.js';
import { cadenceRecords, identityOf, type CadenceRecord } from '../../intake/cadence-records.js';
import { detectCadence } from '../../media/cadence.js';
import { filmOfFile } from '../../media/cadence-pass.js';
import { probe } from '../../media/probe.js';
import { parseCadenceWord } from '../cadence-word.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { telling } from '../patience.js';
import { cadenceFolder } from '../planning.js';
import { withSession } from '../session.js';
import { cadenceView, timed } from '../views/cadence.js';
import { ready } from './setup.js';

interface Values {
  readonly episode: string;
  readonly set: string | undefined;
  readonly reset: boolean;
}

export async function cadence({ episode, set, reset }: Values, context: Context): Promise<ExitCode> {
  const word = set === undefined ? undefined : parseCadenceWord(set);
  const path = await fileNamed(episode, context);
  const records = cadenceRecords(cadenceFolder(taafPaths(context.env)));
  const identity = await identityOf(path);
  const known = await records.read(identity);
  const words = [...(reset ? [] : (known?.words ?? [])), ...(word ? [word] : [])];
  const isKnown = known !== undefined && !reset && word === undefined;
  const record = isKnown ? known : await lookedAt(path, words, context);
  if (!isKnown) await records.write(identity, record);
  const { passages = [] } = record.verdict;
  context.result({ path, ...record, passages: timed(passages) }, (look) => cadenceView(basename(path), record, look));
  if (set !== undefined || reset)
    context.emit({ kind: 'note', text: 'The next submit goes by this; a season that runs keeps its plan.' });
  return 0;
}

/** A file on the disk goes before an episode of that name. */
async function fileNamed(name: string, context: Context): Promise<string> {
  const file = await realpath(resolve(context.cwd, name)).catch(ignoreMissing);
  if (file !== undefined) return file;
  let found = '';
  await withSession(context, (session) => {
    const { season, episode } = session.episode(name);
    const { plan } = session.remembered(season.id);
    if (plan.episodes.find(({ id }) => id === episode.id)?.origin)
      throw new Failure(
        'unsupported',
        `${episode.stem} comes from a disc: its cadence can be shown by \`taaf plan\` only`,
        {
          next: 'To correct it, copy the title into a file first, for example with MakeMKV',
        },
      );
    found = join(plan.folder, episode.path);
    return Promise.resolve(0);
  });
  return found;
}

async function lookedAt(path: string, words: readonly CadenceWord[], context: Context): Promise<CadenceRecord> {
  const tools = await ready(context);
  const info = await probe(tools, path, context.signal);
  const late = words.find(({ from }) => from >= info.durationSeconds);
  if (late)
    throw new Failure('usage', `${basename(path)} is over before ${late.from} s`, {
      evidence: `it lasts ${info.durationSeconds.toFixed(1)} s`,
    });
  const onFrames = telling(context, (file, share) => `Looking at every frame of ${file}: ${share}`);
  const verdict = await detectCadence(tools, filmOfFile(path, info), info, {
    signal: context.signal,
    onFrames: (done, of) => onFrames(basename(path), done, of),
    ...(words.length === 0 ? {} : { words }),
  });
  return { verdict, words };
}
