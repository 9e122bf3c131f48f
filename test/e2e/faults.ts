/** What can happen to a season while a step is in the middle, and which of it `npm test` tries (`npm run test:matrix` tries all). */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../helpers/until.js';
import type { Home } from './home.js';

/** The steps of an episode, each with a failpoint in its middle, and whose step it is. */
export const steps = {
  upload: 'worker.js',
  restore: 'agent.js',
  segment: 'agent.js',
  download: 'worker.js',
  join: 'worker.js',
  deliver: 'worker.js',
} as const;

export type Step = keyof typeof steps;

/** Does it to a home in which `doer` sleeps in the middle of a step; wakes whoever is to go on. */
type Fault = (home: Home, doer: number) => Promise<void>;

const SERVER = 'temporal server start-dev';

/** Longer than the heartbeat timeout, which is ten seconds at any scale of time. */
const LONG_SLEEP_MS = 14_000;

export const faults = {
  'whoever does it is killed': async (home, doer) => home.kill(doer),
  'the server is killed': async (home, doer) => {
    home.kill(...home.pids(SERVER));
    home.wake(doer);
  },
  'server and worker are killed': async (home, doer) => {
    home.kill(...home.pids(SERVER), ...home.pids('worker.js'));
    home.wake(doer);
  },
  'server and worker sleep for longer than heartbeats last': async (home, doer) => {
    const asleep = [...home.pids(SERVER), ...home.pids('worker.js')];
    for (const pid of asleep) process.kill(pid, 'SIGSTOP');
    if (!asleep.includes(doer)) home.wake(doer);
    await pause(LONG_SLEEP_MS);
    home.wake(doer, ...asleep);
  },
  'everything is killed at once, as by a reboot, and then `taaf up`': async (home) => {
    await until(() => {
      home.kill(...home.pids(''));
      return home.pids('').length === 0;
    });
    const { code, stderr } = await home.taaf('up');
    if (code !== 0) throw new Error(stderr);
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

const all = (Object.keys(steps) as Step[]).flatMap((step) =>
  (Object.keys(faults) as FaultName[]).map((fault): [Step, FaultName] => [step, fault]),
);

/** Every step with its doer killed, and every other fault in a step of its own. */
const few: ReadonlySet<string> = new Set([
  'segment, the server is killed',
  'restore, server and worker are killed',
  'deliver, server and worker sleep for longer than heartbeats last',
  'segment, server and worker sleep for longer than heartbeats last',
  'download, everything is killed at once, as by a reboot, and then `taaf up`',
]);

export const isWholeMatrix = process.env['TAAF_TEST_MATRIX'] === 'all';

export const matrix = all.filter(
  ([step, fault]) => isWholeMatrix || fault === 'whoever does it is killed' || few.has(`${step}, ${fault}`),
);
