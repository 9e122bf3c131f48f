/** The composition root's middle: settings and folders become ports. */
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Ports, SeasonPlaces } from '../activities/ports.js';
import { packageRoot } from '../config/package-root.js';
import type { TaafPaths } from '../config/paths.js';
import { lasting } from '../domain/durations.js';
import type { SeasonId } from '../domain/ids.js';
import type { Tools } from '../domain/tools.js';
import { localFleet } from '../fleet/local/local.js';
import { keptFolder, seasonPlaces, seasonRegistry } from '../seasons/registry.js';
import { directoryStore } from '../store/directory.js';
import { lifeObserver, type LifeObserver } from '../store/life.js';
import { awsFleetHere } from './aws-fleet.js';
import { capacityDesk } from './capacity-desk.js';
import { recordOf, seasonStores } from './stores.js';

export interface WiringInput {
  readonly paths: TaafPaths;
  readonly tools: Tools;
  readonly client: Client;
  readonly timeScale: number;
  readonly models: readonly string[];
  readonly onnxRuntime: string | undefined;
  readonly detached: (argv: readonly string[], unit: string) => readonly string[];
  readonly send: Ports['send'];
  readonly learn: Ports['learn'];
  /** TAAF's own. */
  readonly version: string;
}

export function wire(input: WiringInput): Ports {
  const { paths, tools, client, timeScale } = input;
  const registry = seasonRegistry(paths.data);
  const record = recordOf(registry);
  const places = async (season: SeasonId): Promise<SeasonPlaces> => {
    const { work, agents } = await record(season);
    return { ...seasonPlaces(work, season), agents };
  };
  const stores = seasonStores(record);
  const { store } = stores;
  const local = localFleet({
    places,
    store,
    agent: {
      tools: { ffmpeg: tools.ffmpeg, ffprobe: tools.ffprobe },
      models: input.models,
      ...(input.onnxRuntime === undefined ? {} : { onnxRuntime: input.onnxRuntime }),
      timeScale,
    },
    program: [process.execPath, join(packageRoot(), 'dist', 'agent.js')],
    detached: input.detached,
  });
  const folder = (season: SeasonId): string => registry.folder(season);
  const aws = awsFleetHere({ record, store, folder, paths, version: input.version, timeScale });
  return {
    registry,
    tools,
    places,
    ...stores,
    isFar: async (season) => (await record(season)).aws !== undefined,
    kept: (season) => directoryStore(keptFolder(registry.folder(season))),
    life: lifeOf(store, lasting('stale', timeScale)),
    fleet: (name) => ({ local, aws })[name],
    capacity: capacityDesk(client, timeScale),
    send: input.send,
    learn: input.learn,
    timeScale,
  };
}

/** One observer a season, kept as long as the worker lives. */
function lifeOf(store: Ports['store'], staleMs: number): Ports['life'] {
  const observers = new Map<SeasonId, Promise<LifeObserver>>();
  return (season) => {
    const known = observers.get(season) ?? store(season).then((found) => lifeObserver(found, staleMs));
    observers.set(season, known);
    return known;
  };
}
