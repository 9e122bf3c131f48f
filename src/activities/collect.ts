/** Watches an episode in the store and brings its finished segments home while others render. Two of these at once do no harm. */
import { dirname } from 'node:path';
import { boardOf, openUnits, type Board } from '../domain/board.js';
import { lasting } from '../domain/durations.js';
import { Failure, failureKinds, type FailureFact } from '../domain/failures.js';
import { segmentOfUnit, type RecipeId } from '../domain/ids.js';
import { pause } from '../process/pause.js';
import type { LifeView } from '../store/life.js';
import { workReader } from '../store/work.js';
import type { Activities, Collected, RecipeRef } from '../workflows/activities.js';
import type { CollectHeartbeat } from '../workflows/messages.js';
import { activity, type ActivityContext } from './boundary.js';
import { homeOf } from './home.js';
import type { Ports } from './ports.js';
import { bringStills } from './stills.js';

export const collectActivities = (ports: Ports): Pick<Activities, 'collect'> => ({
  collect: activity((task, context) => collect(ports, task, context)),
});

async function collect(
  ports: Ports,
  task: Parameters<Activities['collect']>[0],
  { signal, report }: ActivityContext,
): Promise<Collected> {
  const { season, episode, recipe } = task;
  const store = await ports.store(season);
  const life = await ports.life(season);
  const reader = workReader(store);
  const home = homeOf(store, (await ports.places(season)).home(episode));
  const look = lasting((await ports.isFar(season)) ? 'lookFar' : 'look', ports.timeScale);
  let attendedAt = performance.now();
  for (;;) {
    const view = await life.look();
    const board = boardOf(await reader.read(recipe), view.holds(recipe));
    report(progressOf(board, view, recipe));
    if (board.blocked) throw await blockade(ports, task, board.blocked, signal);
    const { manifest } = board.records;
    if (manifest && !task.restored) return 'restored';
    if ((await home.bring(recipe, board, signal)) && board.rendered) return 'home';
    if (openUnits(board) === 0 || view.alive.length > 0) attendedAt = performance.now();
    if (performance.now() - attendedAt >= task.unattendedMs) return 'unattended';
    signal.throwIfAborted();
    await pause(look, signal);
  }
}

/** A picture that was refused can be looked at: the failure says where. */
async function blockade(
  ports: Ports,
  task: RecipeRef,
  { kind, what, evidence, next: advice = failureKinds[kind].next }: FailureFact,
  signal: AbortSignal,
): Promise<Failure> {
  const detail = { ...(evidence === undefined ? {} : { evidence }), next: advice };
  const [still] = kind === 'verify-failed' ? (await bringStills(ports, task, signal)).values() : [];
  if (still === undefined) return new Failure(kind, what, detail);
  return new Failure(kind, what, { ...detail, next: `Look at the pictures in ${dirname(still)}. ${advice}` });
}

/** How far the episode is, the units in hand included. */
function progressOf(board: Board, view: LifeView, recipe: RecipeId): CollectHeartbeat {
  const manifest = board.records.manifest?.record;
  const at = view.alive.flatMap((machine) => machine.units.map((unit) => ({ ...unit, machine: machine.machine })));
  const here = at.filter((unit) => unit.recipe === recipe);
  let frames = here.reduce((sum, unit) => sum + (manifest && unit.unit !== 'restore' ? unit.frames : 0), 0);
  for (const [unit, state] of board.units) {
    if (unit !== 'restore' && state.state === 'done') frames += manifest?.segments[segmentOfUnit(unit)]?.frames ?? 0;
  }
  return {
    frames,
    total: manifest?.frames ?? 0,
    rate: here.reduce((sum, unit) => sum + (unit.unit === 'restore' ? 0 : unit.rate), 0),
    machines: here.map((unit) => unit.machine),
    restoring: here.some((unit) => unit.unit === 'restore'),
  };
}
