/** `taaf logs`: what the machines of an episode wrote, from the season's store; also while they write. */
import { Failure } from '../../domain/failures.js';
import { episodeOfMachine, keys, type EpisodeId } from '../../domain/ids.js';
import { pause } from '../../process/pause.js';
import { keptFolder, storePlaceOf } from '../../seasons/registry.js';
import { directoryStore } from '../../store/directory.js';
import { openStore } from '../../store/open.js';
import { listSurviving } from '../../store/surviving.js';
import type { ObjectStore } from '../../store/port.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { withSession } from '../session.js';

interface Values {
  readonly episode: string;
  readonly follow: boolean;
}

/** A line as an agent writes it. */
interface LogLine {
  readonly time: string;
  readonly machine: string;
  readonly msg: string;
}

const LOOK_EVERY_MS = 1_000;

export async function logs({ episode, follow }: Values, context: Context): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const found = session.episode(episode);
    const { record } = session.remembered(found.season.id);
    // What a machine wrote lies in the season's store while that lasts, and is kept beside its records afterwards.
    const kept = directoryStore(keptFolder(session.registry.folder(record.season)));
    const stores = [kept, await openStore(storePlaceOf(record))];
    const seen = new Set<string>();
    for (;;) {
      const lines = await newLines(stores, found.episode.id, seen);
      for (const line of lines) emit(context, line);
      if (!follow || context.signal.aborted) break;
      await pause(LOOK_EVERY_MS, context.signal);
    }
    if (seen.size > 0 || follow) return 0;
    throw new Failure('usage', `There is no log of ${found.episode.stem}`, {
      next: found.season.open ? 'It has not begun; wait with: taaf logs <episode> -f' : 'Its machines wrote nothing',
    });
  });
}

/** Lines of all chunks that were not read before, in the order of time. Chunks never change once they are written. */
async function newLines(
  stores: readonly ObjectStore[],
  episode: EpisodeId,
  seen: Set<string>,
): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  for (const store of stores) {
    const chunks = (await listSurviving(store, keys.allLogs)).filter(({ key }) => !seen.has(key));
    for (const { key } of chunks) {
      const text = Buffer.from((await (await store.get(key))?.read()) ?? []).toString('utf8');
      const parsed = text.split('\n').flatMap(parse);
      lines.push(...parsed.filter((line) => concerns(line, episode)));
      seen.add(key);
    }
  }
  return lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/** Agents help other episodes of their season: then the line begins with the episode's id. */
const concerns = ({ machine, msg }: LogLine, episode: EpisodeId): boolean =>
  msg.startsWith(`${episode}: `) || (episodeOfMachine(machine) === episode && !/^e\d+-[0-9a-f]+: /.test(msg));

function parse(line: string): LogLine[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line) as LogLine];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

function emit(context: Context, { time, machine, msg, ...facts }: LogLine): void {
  const more = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`);
  context.emit({ kind: 'log', machine, time, text: [msg, ...more].join(' ') });
}
