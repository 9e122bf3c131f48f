/** The most memory that an agent and its two ffmpegs ever take, looked at while a season runs. */
import { join } from 'node:path';
import { pause } from '../src/process/pause.js';
import type { Bench } from './bench.js';
import { makeClip, PROFILE } from './clip.js';
import { withHome } from './home.js';
import { family, memoryOf } from './processes.js';

const CLIP = { width: 720, height: 480, frames: 8 } as const;
const LOOK_MS = 100;

/** Bytes; the sum of the processes' own peaks, so a little more than they ever took at once. */
export async function agentMemory(bench: Bench): Promise<{ readonly agent: number; readonly all: number }> {
  bench.say('the memory of an agent');
  const season = join(bench.folder, 'memory-season');
  await makeClip(bench, join(season, 'large.mkv'), CLIP);
  return withHome(bench, 'memory-home', async (home) => {
    const peaks = new Map<number, number>();
    const agents = new Set<number>();
    const done = new AbortController();
    const submitted = home.taaf('submit', season, '--profile', PROFILE, '--yes', '--watch').finally(() => done.abort());
    while (!done.signal.aborted) {
      // The settings of an agent are the only argument of its program.
      const { parents, all } = family(`agent.js\0${home.folder}`);
      for (const pid of all) peaks.set(pid, memoryOf(pid)?.peak ?? peaks.get(pid) ?? 0);
      for (const pid of parents) agents.add(pid);
      await pause(LOOK_MS, done.signal);
    }
    await submitted;
    const sum = (pids: Iterable<number>): number => [...pids].reduce((total, pid) => total + (peaks.get(pid) ?? 0), 0);
    return { agent: sum(agents), all: sum(peaks.keys()) };
  });
}
