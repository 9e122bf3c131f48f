/** What a season needs as a whole: a look at its open work, leases, the end of all it had, and a word to people. */
import { rm } from 'node:fs/promises';
import { canonicalJson } from '../disk/hash.js';
import { boardOf, openUnits } from '../domain/board.js';
import { Failure } from '../domain/failures.js';
import { episodeOfMachine, keys } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import type { ObjectStore } from '../store/port.js';
import { listSurviving } from '../store/surviving.js';
import { readRecord } from '../store/records.js';
import { workReader } from '../store/work.js';
import type { Activities, EpisodeRef } from '../workflows/activities.js';
import { activity } from './boundary.js';
import { messageOf } from './message.js';
import { hashOfPlan } from './plan.js';
import type { Ports } from './ports.js';

type SeasonActivities = Pick<
  Activities,
  | 'surveyWork'
  | 'requestLease'
  | 'returnLease'
  | 'auditLeases'
  | 'cleanEpisode'
  | 'openSeason'
  | 'closeSeason'
  | 'notify'
>;

export const seasonActivities = (ports: Ports): SeasonActivities => ({
  surveyWork: activity(async ({ season, episodes }) => {
    const reader = workReader(await ports.store(season));
    const view = await (await ports.life(season)).look();
    return Promise.all(
      episodes.map(async ({ episode, recipe }) => {
        const board = boardOf(await reader.read(recipe), view.holds(recipe));
        const finished = [...board.units.values()].filter((unit) => unit.state === 'done').length;
        return { episode, open: openUnits(board), finished };
      }),
    );
  }),
  requestLease: activity((request) => ports.capacity.request(request)),
  returnLease: activity((workflowId) => ports.capacity.giveBack(workflowId)),
  auditLeases: activity(async (leases) => {
    const over: string[] = [];
    for (const { workflowId, season, machine, episode, fleet } of leases) {
      if (await ports.capacity.isOpen(workflowId)) continue;
      const { state } = await ports.fleet(fleet).status({ season, machine, episode });
      if (state !== 'working') over.push(workflowId);
    }
    return over;
  }),
  cleanEpisode: activity((task) => clean(ports, task)),
  openSeason: activity(async ({ season, planHash }) => {
    const plan = await ports.registry.plan(season);
    if (!plan || hashOfPlan(plan) !== planHash)
      throw new Failure('bug', `This computer has another plan of ${season} than was submitted`);
    await ports.makeStore(season);
    await (await ports.store(season)).put(keys.plan, { bytes: Buffer.from(canonicalJson(plan)) });
  }),
  closeSeason: activity(async ({ season, fleet, keepStore }, context) => {
    const { root, machines } = await ports.places(season);
    for (const machine of await ports.fleet(fleet).find(season)) {
      await ports.fleet(fleet).release({ season, machine, episode: episodeOfMachine(machine) }, context);
    }
    await keepLogs(await ports.store(season), ports.kept(season));
    if (!keepStore) await ports.removeStore(season);
    await rm(keepStore ? machines : root, { recursive: true, force: true });
  }),
  notify: activity(async (notice) => {
    const { id, season } = notice;
    const [plan, deliveries] = [await ports.registry.plan(season), await ports.registry.deliveries(season)];
    return ports.send({ id, season, ...messageOf(notice, plan, deliveries) });
  }),
});

/** Logs are small, and wanted most when all else is gone. An earlier attempt may have removed the store behind itself. */
async function keepLogs(from: ObjectStore, to: ObjectStore): Promise<void> {
  for (const { key } of await listSurviving(from, keys.allLogs)) {
    const object = await from.get(key);
    if (object) await to.put(key, { bytes: await object.read() });
  }
}

/** The job goes first: from then on no agent begins anything for this episode, and one that is at it stops. */
async function clean(ports: Ports, { season, episode }: EpisodeRef): Promise<void> {
  const store = await ports.store(season);
  for (const { key } of await store.list(keys.jobs)) {
    const job = await readRecord<Job>(store, key);
    if (job.state !== 'found' || job.record.episode !== episode) continue;
    await store.remove(key);
    await store.remove(keys.work(job.record.recipe));
  }
  await store.remove(keys.sources(episode));
  await rm((await ports.places(season)).home(episode), { recursive: true, force: true });
}
