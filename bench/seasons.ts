/** Seasons without any work: what the workflows, the worker and Temporal themselves cost, and whether that grows in a line. */
import { join } from 'node:path';
import getPort from 'get-port';
import { connect, type Temporal } from '../src/cli/client.js';
import { episodeId, NAMESPACE, seasonWorkflowId, TASK_QUEUE } from '../src/domain/ids.js';
import { pause } from '../src/process/pause.js';
import { addressOf, serverArgv } from '../src/service/server-argv.js';
import type { SeasonInput } from '../src/workflows/messages.js';
import { megabytes, seconds, secondsOf, type Bench, type Row } from './bench.js';
import { family, memoryOf, serve, serveWhenReady } from './processes.js';

/**
 * Without a step everything happens at once, and events share workflow tasks; with one, each has a task of its own, as in real seasons.
 * So the first ones tell time, and the last one tells events.
 */
const SEASONS = [
  { size: 26, stepMs: 0 },
  { size: 500, stepMs: 0 },
  { size: 100, stepMs: 500 },
] as const;

type Environment = Readonly<Record<string, string>>;

const LOOK_MS = 200;
const MOST_LOOKS = 150;
const WORKER = join(import.meta.dirname, 'world-worker.mjs');

export async function rows(bench: Bench): Promise<Row[]> {
  const ports = { grpc: await getPort(), ui: await getPort() };
  const env = { TEMPORAL_ADDRESS: addressOf(ports), TEMPORAL_NAMESPACE: NAMESPACE };
  const server = serve(serverArgv(bench.tools.temporal, ports, join(bench.folder, 'seasons.db')), env);
  try {
    const temporal = await connected(env, bench.signal);
    try {
      const found: Row[] = [];
      for (const kind of SEASONS) found.push(...(await season(bench, env, temporal, kind)));
      return found;
    } finally {
      await temporal.close();
    }
  } finally {
    await server.stop();
  }
}

/** The server needs a second until it answers. */
async function connected(env: Environment, signal: AbortSignal): Promise<Temporal> {
  for (let look = 1; ; look++) {
    try {
      const temporal = await connect(env);
      await temporal.client.workflowService.describeNamespace({ namespace: NAMESPACE });
      return temporal;
    } catch (error) {
      if (signal.aborted || look === MOST_LOOKS) throw error;
      await pause(LOOK_MS, signal);
    }
  }
}

async function season(
  bench: Bench,
  env: Environment,
  { client }: Temporal,
  { size, stepMs }: (typeof SEASONS)[number],
): Promise<Row[]> {
  const what = `${size} episodes without work, ${stepMs === 0 ? 'at once' : 'one after the other'}`;
  bench.say(what);
  const worker = await serveWhenReady([process.execPath, WORKER, String(stepMs)], env);
  try {
    const input = seasonOf(size, stepMs);
    const handle = await client.workflow.start('season', {
      workflowId: seasonWorkflowId(input.season),
      taskQueue: TASK_QUEUE,
      args: [input],
    });
    const aborted = new Promise<never>((_, reject) =>
      bench.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
    );
    const took = await secondsOf(() => Promise.race([handle.result(), aborted]));
    const memory = memoryOf(family(WORKER).parents[0] ?? 0);
    const { historyLength, historySize = 0 } = await handle.describe();
    const children = await childrenOf(client, input.season);
    return [
      { what: `${what}: an episode`, figure: seconds(took / size) },
      {
        what: `${what}: events of the season`,
        figure: `${historyLength}, ${(historyLength / size).toFixed(1)} an episode, ${megabytes(historySize)}`,
        goal: '< 10000',
      },
      { what: `${what}: events of the largest child`, figure: String(children.most) },
      { what: `${what}: launches of machines`, figure: String(children.machines) },
      { what: `${what}: the worker’s memory after`, figure: memory ? megabytes(memory.now) : 'not known here' },
    ];
  } finally {
    await worker.stop();
  }
}

async function childrenOf(client: Temporal['client'], season: string): Promise<{ most: number; machines: number }> {
  let [most, machines] = [0, 0];
  const query = `WorkflowId STARTS_WITH "${seasonWorkflowId(season)}/"`;
  for await (const { historyLength, type } of client.workflow.list({ query })) {
    most = Math.max(most, historyLength);
    if (type === 'machine') machines += 1;
  }
  return { most, machines };
}

const seasonOf = (size: number, stepMs: number): SeasonInput => ({
  season: `bench-${size}-${stepMs}`,
  title: `${size} episodes`,
  fleet: 'local',
  planHash: '0'.repeat(64),
  episodes: Array.from({ length: size }, (_, index) => ({
    id: episodeId(index + 1, String(index).padStart(8, '0')),
    number: index + 1,
    stem: `Show - S01E${index + 1}`,
    frames: 65_000,
  })),
  pools: [{ name: 'local', limit: 1, units: 1 }],
  width: 1,
  machinesPerEpisode: 1,
  out: '/season/upscaled',
  keepStore: false,
  timeScale: 1,
});
