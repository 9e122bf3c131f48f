/** The agent's life: take what is there, do it, say so; until nothing of the season is claimable. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFailure } from '../disk/failure.js';
import type { AgentSettings } from '../domain/agent.js';
import { lasting } from '../domain/durations.js';
import { Failure, factOf, failureKinds, type FailureKind } from '../domain/failures.js';
import { keys } from '../domain/ids.js';
import type { MachineEnd, UnitFailure } from '../domain/job.js';
import { pause } from '../process/pause.js';
import { lifeObserver } from '../store/life.js';
import type { ObjectStore } from '../store/port.js';
import { claimUnit, createRecord } from '../store/records.js';
import { workReader } from '../store/work.js';
import { workFinder, type Work } from './find-work.js';
import { openHand, type Hand } from './hand.js';
import type { Lease } from './lease.js';
import { paceOf } from './pace.js';
import type { Renderer } from './render.js';
import { restoreUnit } from './restore-unit.js';
import { segmentUnit } from './segment-unit.js';
import { stallGuard } from './stall.js';
import type { UnitContext } from './unit.js';

export interface AgentDeps {
  readonly settings: AgentSettings;
  readonly store: ObjectStore;
  readonly renderer: Renderer;
  readonly lease: Lease;
  readonly log: (line: string, facts?: object) => void;
  readonly signal: AbortSignal;
}

/** Works until nothing is claimable, a drain is asked for, or the signal; returns why it ended. */
export async function work(deps: AgentDeps): Promise<MachineEnd['reason']> {
  const { settings, store, log, signal } = deps;
  const { machine, timeScale } = settings;
  const { beat } = paceOf(settings.store, timeScale);
  const hand = openHand(store, machine, beat);
  const finder = workFinder(
    store,
    workReader(store),
    lifeObserver(store, lasting('stale', timeScale)),
    settings.episode,
  );
  await hand.open();
  for (;;) {
    if (signal.aborted) return 'stopped';
    if (await store.stat(keys.drain(machine))) return 'drained';
    const next = await finder.find();
    if (next === 'nothing') return 'nothing-left';
    if (next === 'doubt') {
      await pause(beat, signal);
      continue;
    }
    await hand.take(next.job.recipe, next.unit, next.epoch);
    if (await claimUnit(store, next.job.recipe, next.unit, next.epoch, machine)) {
      log(`${next.job.episode}: ${next.unit} begins`, { recipe: next.job.recipe, epoch: next.epoch });
      await attempt(deps, hand, next);
    }
    hand.drop();
  }
}

const LARGER_DISK = 'Give the machines a larger disk, then run: taaf retry <episode>';

/** One attempt at a unit; a failure becomes a record, unless the agent itself was told to stop. */
async function attempt(deps: AgentDeps, hand: Hand, next: Work): Promise<void> {
  const { settings, store, lease, log } = deps;
  const scratch = join(settings.scratch, 'unit');
  const started = performance.now();
  lease.begin();
  try {
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true });
    await whileBeating(deps, hand, (life) => perform(deps, { ...deps, ...life, work: next, scratch }));
    await rm(scratch, { recursive: true, force: true });
    await lease.finish();
    log(`${next.job.episode}: ${next.unit} is done`, { seconds: (performance.now() - started) / 1000 });
  } catch (error) {
    // Room first: on a full disk the record of the failure needs it.
    await rm(scratch, { recursive: true, force: true });
    const fact = factOf(diskFailure(error, settings.scratch));
    if (deps.signal.aborted || fact.kind === 'cancelled') return;
    const { kind, what, evidence, next: advice } = fact;
    log(`${next.job.episode}: ${next.unit} failed (${kind}): ${what}`, { evidence });
    const failure: UnitFailure = {
      machine: settings.machine,
      epoch: next.epoch,
      kind,
      what,
      ...(evidence === undefined ? {} : { evidence }),
      ...adviceOf(kind, advice, settings),
      at: Date.now(),
    };
    await createRecord(store, keys.failure(next.job.recipe, next.unit, next.epoch), failure);
  }
}

/** Only advice that says more than the kind's own; a leased machine's disk cannot be tidied by anybody. */
function adviceOf(kind: FailureKind, advice: string | undefined, { lease }: AgentSettings): Pick<UnitFailure, 'next'> {
  if (kind === 'disk-full' && lease) return { next: LARGER_DISK };
  return advice === undefined || advice === failureKinds[kind].next ? {} : { next: advice };
}

const perform = (deps: AgentDeps, context: UnitContext): Promise<void> =>
  context.work.unit === 'restore' ? restoreUnit(context, deps.renderer) : segmentUnit(context, deps.renderer);

/** Runs `act` while the hand beats; when beating fails or no frame comes for too long, `act` is stopped and that is the cause. */
async function whileBeating(
  deps: AgentDeps,
  hand: Hand,
  act: (life: Pick<UnitContext, 'signal' | 'report' | 'alive'>) => Promise<void>,
): Promise<void> {
  const done = new AbortController();
  const broken = new AbortController();
  const stall = stallGuard(lasting('stall', deps.settings.timeScale), (failure) => broken.abort(failure));
  const beating = hand.beat(done.signal).catch((error: unknown) => broken.abort(error));
  const report = (frames: number, total: number): void => {
    stall.frames(frames);
    hand.report(frames, total);
    deps.lease.report(frames, total);
  };
  try {
    await act({ signal: AbortSignal.any([deps.signal, broken.signal]), report, alive: () => stall.alive() });
  } catch (error) {
    throw broken.signal.aborted ? (broken.signal.reason ?? error) : error;
  } finally {
    stall.end();
    done.abort();
    await beating;
  }
  if (broken.signal.aborted)
    throw broken.signal.reason ?? new Failure('bug', 'the unit was broken off without a reason');
}
