/** Whole episodes by real agents with the fake Topaz: what stands in the store afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../src/domain/ids.js';
import type { Job, UnitFailure } from '../../src/domain/job.js';
import type { Profile } from '../../src/domain/profile.js';
import { readRecord } from '../../src/store/records.js';
import { testProfile } from '../fixtures/job.js';
import { progressive } from '../fixtures/media.js';
import { frameHashes } from '../helpers/frame-hashes.js';
import { temporaryFolder } from '../helpers/folder.js';
import { installTopaz, type TopazState } from '../topaz/install.js';
import { openStage } from './stage.js';

const FRAMES = 72;
let shared: string;
let source: string;
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'taaf-topaz-'));
  source = await progressive(shared, FRAMES);
});
afterAll(() => rm(shared, { recursive: true, force: true }));

const profile: Profile = {
  ...testProfile({ segmentSeconds: 1 }),
  upscale: { engine: 'topaz', model: 'prob-4', grain: 0 },
};

/** An agent's life on a machine with this Topaz, for a season of some episodes. */
async function season(state: TopazState, episodes: number, { withSources = true } = {}) {
  const folder = await temporaryFolder();
  const stage = openStage(folder);
  const fake = await installTopaz(folder, state);
  const jobs: Job[] = [];
  for (let number = 1; number <= episodes; number++) {
    jobs.push(await stage.addEpisode(number, source, { profile, target: { width: 1280, height: 960 } }));
  }
  if (!withSources) for (const job of jobs) await stage.store.remove(job.source.key);
  const [first] = jobs;
  if (!first) throw new Error('a season has an episode');
  const agent = await stage.agent(first.episode, 1, {}, { topaz: fake.place, threads: 2 });
  expect(await agent.ended).toBe(0);
  const text = async (prefix: string): Promise<string> => {
    const listed = await stage.store.list(prefix);
    const bytes = await Promise.all(listed.map(async ({ key }) => (await (await stage.store.get(key))?.read()) ?? ''));
    return bytes.map(String).join('');
  };
  const failures = async (job: Job): Promise<UnitFailure[]> => {
    const listed = await stage.store.list(`${keys.work(job.recipe)}failures/`);
    const read = await Promise.all(listed.map(({ key }) => readRecord<UnitFailure>(stage.store, key)));
    return read.flatMap((each) => (each.state === 'found' ? [each.record] : []));
  };
  return { stage, fake, jobs, job: first, text, failures, agent };
}

const parametersOf = (argv: readonly string[]) => /preblur=[^,]*/.exec(argv[argv.indexOf('-vf') + 1] ?? '')?.[0];

describe('an episode with Topaz', () => {
  it('is restored, estimated once, rendered with the same parameters and headers, proved, and names its maker', async () => {
    const { stage, fake, job, text, agent } = await season({ licence: 'good', buildMs: 200 }, 1);
    const { rendered, records } = await stage.board(job);
    expect(rendered).toBe(true);
    const { topaz } = records.manifest?.record ?? {};
    expect(topaz).toMatchObject({ estimator: 'prap-3', parameters: { noise: 0.2, details: 0.3, compression: 0.45 } });
    expect(topaz?.frames).toBeGreaterThanOrEqual(20);

    const receipts = (await stage.receipts(job)).sort((a, b) => a.segment - b.segment);
    expect(receipts.length).toBeGreaterThan(1);
    expect(new Set(receipts.map(({ parameterSets }) => parameterSets)).size).toBe(1);
    expect(new Set(receipts.map(({ engine }) => engine))).toEqual(new Set(['topaz prob-4 ×4']));
    expect(receipts.flatMap(({ proof }) => proof?.alarms)).toEqual([]);
    const files = receipts.map(({ key }) => join(stage.folder, 'store', key));
    expect((await Promise.all(files.map(frameHashes))).flat()).toHaveLength(FRAMES);

    const renders = await fake.renders();
    expect(renders).toHaveLength(receipts.length);
    const told = new Set(renders.map(parametersOf));
    expect(told).toEqual(new Set([expect.stringContaining(`preblur=${topaz?.parameters.preblur}:noise=0.2`)]));
    expect(await text(keys.logs(agent.machine))).not.toContain('example.com');
  });

  it('that nobody is signed in for costs no frame: not restored, not rendered, and neither is the next', async () => {
    const { stage, fake, jobs, failures } = await season({ licence: 'refused', watermark: true }, 2, {
      withSources: false,
    });
    // Without a source whoever asks for the licence after restoring would say something else.
    for (const job of jobs) {
      expect(await failures(job)).toMatchObject([
        { kind: 'licence', evidence: expect.stringContaining('401') as string },
      ]);
      const board = await stage.board(job);
      expect(board.blocked).toMatchObject({ kind: 'licence' });
      expect(board.records.manifest).toBeUndefined();
    }
    expect(await fake.renders()).toEqual([]);
  });

  it('never has a receipt for a watermark, also when Topaz says that all is well', async () => {
    const { stage, job, failures } = await season({ licence: 'good', watermark: true }, 1);
    expect(await stage.receipts(job)).toEqual([]);
    expect(await failures(job)).toMatchObject([
      { kind: 'licence', what: expect.stringContaining('like a watermark') as string },
    ]);
    const stills = await stage.store.list(keys.stills(job.recipe));
    expect(stills.map(({ key }) => key)).toEqual([expect.stringMatching(/-mark\.png$/)]);
  });

  it('E44: that lacks frames at the end of a segment has no receipt for it, after a few tries', async () => {
    const { stage, job, failures } = await season({ licence: 'good', fault: 'short', frames: 9 }, 1);
    expect(await stage.receipts(job)).toEqual([]);
    expect(new Set((await failures(job)).map(({ kind }) => kind))).toEqual(new Set(['engine-crashed']));
    expect((await stage.board(job)).blocked?.evidence).toBe('Waited too long for processing, ending file 3');
  });
});
