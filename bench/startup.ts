/** How long short commands take, beside an empty Node program and Temporal's own command line. */
import { join } from 'node:path';
import { pause } from '../src/process/pause.js';
import { run } from '../src/process/run.js';
import type { SeasonStatus } from '../src/cli/season-status.js';
import { NAMESPACE } from '../src/domain/ids.js';
import { median, seconds, secondsOf, type Bench, type Row } from './bench.js';
import { makeClip, PROFILE } from './clip.js';
import { cli, withHome, type Home } from './home.js';

const RUNS = 11;
const LOOK_MS = 200;
/** Long enough to be still open when it is paused, small enough to be paused soon. */
const CLIP = { width: 64, height: 48, frames: 2_000 } as const;

interface Command {
  readonly what: string;
  readonly argv: readonly string[];
  readonly goal?: string;
}

export const rows = (bench: Bench): Promise<Row[]> =>
  withHome(bench, 'startup-home', async (home) => {
    bench.say('short commands');
    await pausedSeason(bench, home);
    const commands = commandsOf(bench, await addressOf(home));
    const times = commands.map((): number[] => []);
    // In turns: what else this computer does then falls on all of them.
    for (let turn = 0; turn <= RUNS; turn++) {
      for (const [index, { argv }] of commands.entries()) {
        const took = await secondsOf(() => run(argv, { env: home.env, signal: bench.signal }));
        // The first turn only warms up.
        if (turn > 0) times[index]?.push(took);
      }
    }
    return commands.map(({ what, goal }, index) => ({
      what: `\`${what}\``,
      figure: seconds(median(times[index] ?? [])),
      ...(goal === undefined ? {} : { goal }),
    }));
  });

/** An open season at rest: its workflow answers, and nobody renders. */
async function pausedSeason(bench: Bench, home: Home): Promise<void> {
  const folder = join(bench.folder, 'startup-season');
  await makeClip(bench, join(folder, 'long.mkv'), CLIP);
  await home.taaf('submit', folder, '--profile', PROFILE, '--yes');
  await home.taaf('pause');
  for (;;) {
    const status = JSON.parse(await home.taaf('status', '--json')) as SeasonStatus;
    if (status.state !== 'paused') throw new Error(`the season is ${status.state}`);
    if (status.machines.length === 0) return;
    await pause(LOOK_MS, bench.signal);
  }
}

async function addressOf(home: Home): Promise<string> {
  const { temporal } = JSON.parse(await home.taaf('doctor', '--json')) as { temporal: { address: string } };
  return temporal.address;
}

function commandsOf({ tools: { temporal } }: Bench, address: string): Command[] {
  const list = ['workflow', 'list', '--address', address, '--namespace', NAMESPACE];
  return [
    { what: 'node -e 0', argv: [process.execPath, '-e', '0'] },
    { what: 'temporal --version', argv: [temporal, '--version'] },
    { what: 'temporal workflow list', argv: [temporal, ...list] },
    { what: 'taaf --help', argv: [process.execPath, cli, '--help'], goal: '≤ 0.25 s' },
    { what: 'taaf list', argv: [process.execPath, cli, 'list'] },
    { what: 'taaf status', argv: [process.execPath, cli, 'status'], goal: '≤ 0.4 s' },
  ];
}
