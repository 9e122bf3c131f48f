/** Installs the fake Topaz into a folder of the test, as the user's machine has the real one. */
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TopazPlace } from '../../src/domain/topaz.js';
import { fixture } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';

export interface TopazState {
  /** What the probe says: signed in, in the words of two versions; refused; another machine's file; nothing that is known; nothing. */
  readonly licence: 'good' | 'pair' | 'refused' | 'foreign' | 'silent' | 'mute';
  /** The sign-in is lost after so many probes. */
  readonly goodProbes?: number;
  readonly watermark?: boolean;
  /**
   * How a render ends; those that stop early do so after `frames`, `doubles` gives every frame twice, and `lapse` goes
   * on with a watermark.
   */
  readonly fault?: 'short' | 'fewer' | 'crash' | 'hang' | 'refuse' | 'nothing' | 'doubles' | 'lapse';
  readonly frames?: number;
  /** The most that the GPU has room for. */
  readonly vram?: number;
  readonly scale?: number;
  readonly build?: 'never';
  readonly buildMs?: number;
  readonly zscale?: boolean;
}

export interface FakeTopaz {
  readonly place: TopazPlace;
  set(state: TopazState): Promise<void>;
  /** The argv of all its runs so far; `renders` are those that make a file. */
  calls(): Promise<string[][]>;
  renders(): Promise<string[][]>;
}

/** @param build whose options it has: version 7's or those of the builds since */
export async function installTopaz(into: string, state: TopazState = { licence: 'good' }, build: '7' | '8' = '7') {
  const place = { folder: join(into, 'Topaz Video'), models: join(into, 'models') };
  await mkdir(place.folder, { recursive: true });
  await cp(fixture(join('topaz', 'models')), place.models, { recursive: true });
  await cp(fixture(join('topaz', `tvai_up-${build}.txt`)), join(place.folder, 'tvai_up.txt'));
  const program = join(place.folder, 'ffmpeg');
  const script = join(import.meta.dirname, 'fake-ffmpeg.mjs');
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${script}' '${place.folder}' "$@"\n`);
  await chmod(program, 0o755);
  const calls = async (): Promise<string[][]> => {
    const text = await readFile(join(place.folder, 'calls.jsonl'), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string[]);
  };
  const fake: FakeTopaz = {
    place,
    set: (next) => writeFile(join(place.folder, 'state.json'), JSON.stringify({ ffmpeg: tools.ffmpeg, ...next })),
    calls,
    renders: async () => (await calls()).filter((argv) => argv.at(-1)?.endsWith('.mkv')),
  };
  await fake.set(state);
  return fake;
}
