import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../../src/activities/accept.js';
import { openRenderer, type Renderer } from '../../src/agent/render.js';
import { restoreUnit } from '../../src/agent/restore-unit.js';
import { segmentUnit } from '../../src/agent/segment-unit.js';
import type { UnitContext } from '../../src/agent/unit.js';
import type { AgentSettings } from '../../src/domain/agent.js';
import { keys, segmentUnit as unitOf, type Unit } from '../../src/domain/ids.js';
import type { Job } from '../../src/domain/job.js';
import { seasonRegistry } from '../../src/seasons/registry.js';
import { progressive } from '../fixtures/media.js';
import { temporaryFolder } from '../helpers/folder.js';
import { tools } from '../helpers/tools.js';
import { sabotage, sabotaged } from '../proofs/sabotage.js';
import { openStage, type Stage } from './stage.js';

const FRAMES = 72;
let folder: string;
let stage: Stage;
let job: Job;

beforeEach(async () => {
  folder = await temporaryFolder();
  stage = openStage(folder);
  const target = { width: 1280, height: 960 };
  job = await stage.addEpisode(1, await progressive(folder, FRAMES), { target });
});

const ignore = (): void => undefined;

async function contextOf(unit: Unit): Promise<UnitContext> {
  const settings: AgentSettings = {
    ...{ season: 'season-0', machine: `${job.episode}-l1`, episode: job.episode, scratch: folder, tools },
    ...{ store: { kind: 'directory', folder: join(folder, 'store') }, models: [], threads: 2, timeScale: 1 },
  };
  const work = { job, board: await stage.board(job), unit, epoch: 0 };
  const signal = new AbortController().signal;
  return {
    store: stage.store,
    settings,
    work,
    scratch: await temporaryFolder(),
    signal,
    report: ignore,
    alive: ignore,
  };
}

/** The real renderer, whose segments are changed by a filter before anybody has looked at them. */
function rendererWith(filter: string | undefined): Renderer {
  const real = openRenderer({ tools, models: [], threads: 2 });
  return {
    ...real,
    async render(task, options) {
      const engine = await real.render(task, options);
      if (filter !== undefined) await rename((await sabotaged(task, filter)).output, task.output);
      return engine;
    },
  };
}

async function render(segment: number, filter?: string): Promise<void> {
  const renderer = rendererWith(filter);
  await restoreUnit(await contextOf('restore'), renderer);
  await segmentUnit(await contextOf(unitOf(segment)), renderer);
}

const stills = async (): Promise<string[]> =>
  (await stage.store.list(keys.stills(job.recipe))).map(({ key }) => key.slice(keys.stills(job.recipe).length));

describe('an agent', () => {
  it('writes the levels of a good picture into its receipt, and no still', async () => {
    await render(1);
    const [receipt] = await stage.receipts(job);
    expect(receipt?.proof).toMatchObject({ scenes: 1, alarms: [] });
    expect(receipt?.proof?.ssim.low).toBeGreaterThan(0.97);
    // The second segment of a second each begins with the 25th frame or so; the time is the episode's.
    expect(receipt?.proof?.ssim.seconds).toBeCloseTo(((receipt?.proof?.ssim.frame ?? 0) * 1001) / 24_000, 3);
    expect(receipt?.proof?.ssim.frame).toBeGreaterThan(10);
    expect(await stills()).toEqual([]);
    const { manifest } = (await stage.board(job)).records;
    expect(manifest?.record.proof).toEqual({ fields: 2 * FRAMES, faults: [] });
  });

  it('puts what is doubtful into the receipt, with the time code and a still of it', async () => {
    await render(0, sabotage.tile(10));
    const [receipt] = await stage.receipts(job);
    expect(receipt?.proof?.alarms).toMatchObject([{ kind: 'tile', frame: 10, frames: 1 }]);
    expect(receipt?.proof?.alarms[0]?.seconds).toBeCloseTo((10 * 1001) / 24_000, 3);
    expect(await stills()).toEqual([`s00000/${job.episode}-l1-0/0-00-00-417-tile.png`]);
    const png = await readFile(join(folder, 'store', receipt?.proof?.alarms[0]?.still ?? ''));
    // Width and height stand in the header: two pictures of 1280 × 960 side by side.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2560, 960]);
  });

  it('does not deliver what is wrong beyond doubt, and keeps a still of it', async () => {
    await expect(render(0, sabotage.green(10))).rejects.toMatchObject({
      kind: 'verify-failed',
      message: `The picture of segment 0 of ${job.episode} is green where the restored one is not, from 0:00:00.417 on`,
      evidence: 'green in 1 of its frames: 100 % of the picture',
      next: 'To render it anew: taaf retry <episode>. If it is what you want: taaf retry <episode> --accept green',
    });
    expect(await stage.receipts(job)).toEqual([]);
    expect(await stills()).toEqual([`s00000/${job.episode}-l1-0/0-00-00-417-green.png`]);
  });

  it('delivers what a human accepts, says so, and still refuses anything else', async () => {
    const registry = seasonRegistry(join(folder, 'data'));
    const ref = { season: job.season, episode: job.episode, planHash: '' };
    await accept({ registry }, { ...ref, accept: ['green'] }, job.recipe, stage.store);
    const both = `${sabotage.green(10)},${sabotage.black(11, 11)}`;
    await expect(render(0, both)).rejects.toMatchObject({
      evidence: expect.stringMatching(/^black in 1 of its frames/) as string,
      next: expect.stringMatching(/--accept black$/) as string,
    });
    await render(0, sabotage.green(10));
    const [receipt] = await stage.receipts(job);
    expect(receipt?.proof?.alarms).toMatchObject([{ kind: 'green', frame: 10, accepted: true }]);
  });
});
