/** The whole agent of a Windows kit: real Node.js, real ffmpeg, real paths, under Wine. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taafPaths } from '../../src/config/paths.js';
import type { AgentSettings } from '../../src/domain/agent.js';
import { keys, machineId } from '../../src/domain/ids.js';
import type { Job, MachineEnd, MachineProgress } from '../../src/domain/job.js';
import { machineSettings } from '../../src/domain/machine-settings.js';
import { readRecord } from '../../src/store/records.js';
import { makeKit } from '../../src/toolchain/kit.js';
import { openStage, type Stage } from '../agent/stage.js';
import { progressive } from '../fixtures/media.js';
import { frameHashes } from '../helpers/frame-hashes.js';
import { until } from '../helpers/until.js';
import { openWindows, wine, type Windows } from './wine.js';

const FRAMES = 72;
const SCALE = 30;
const ROOT = 'C:\\ProgramData\\taaf';

// Without Wine this cannot be shown here: `apt-get install wine64`, then these tests run too.
describe.skipIf(wine === undefined)('the agent on Windows (under Wine)', () => {
  let folder: string;
  let windows: Windows;
  let stage: Stage;
  let job: Job;
  /** The machine's folder for TAAF, as Linux sees it. */
  let root: string;
  let settings: AgentSettings;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taaf-wine-'));
    windows = await openWindows(folder);
    root = join(windows.c, 'ProgramData', 'taaf');
    await mkdir(join(root, 'kit'), { recursive: true });
    const paths = taafPaths({ TAAF_HOME: join(import.meta.dirname, '..', '..', '.cache', 'taaf') });
    const kit = await makeKit('windows', { paths, env: process.env, report: () => undefined });
    await promisify(execFile)('tar', ['-xzf', kit.file, '-C', join(root, 'kit')]);
    // The machine's `shutdown`, which notes what it is told.
    await mkdir(join(windows.c, 'fake'));
    await writeFile(join(windows.c, 'fake', 'shutdown.bat'), '@echo %* >> C:\\told\r\n');

    stage = openStage(join(windows.c, 'season'));
    await mkdir(stage.folder, { recursive: true });
    // Large enough that a segment takes a while.
    const target = { width: 1920, height: 1440 };
    job = await stage.addEpisode(1, await progressive(folder, FRAMES), { target });
    settings = {
      ...machineSettings({
        place: { bucket: 'none', region: 'none' },
        ref: { season: job.season, machine: machineId(job.episode, 1), episode: job.episode },
        system: 'windows',
        endsAt: Date.now() + 3_600_000,
        timeScale: SCALE,
      }),
      store: { kind: 'directory', folder: 'C:\\season\\store' },
    };
    await writeFile(join(root, 'settings.json'), JSON.stringify(settings));
  });
  afterAll(async () => {
    await windows.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  const start = () =>
    windows.start([`${ROOT}\\kit\\bin\\node.exe`, `${ROOT}\\kit\\dist\\agent.js`, `${ROOT}\\settings.json`], {
      WINEPATH: 'C:\\fake',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:9',
    });

  const unitInHand = async (): Promise<string | undefined> => {
    const progress = await readRecord<MachineProgress>(stage.store, keys.progress(settings.machine));
    return progress.state === 'found' ? progress.record.units[0]?.unit : undefined;
  };

  it('killed in the middle of a segment leaves no program, and its next life renders the rest', async () => {
    start();
    await until(async () => (await unitInHand())?.startsWith('s') === true && windows.computing('ffmpeg.exe'));
    const [agent = 0] = windows.running('agent.js');
    process.kill(agent, 'SIGKILL');
    await until(() => windows.running('ffmpeg.exe').length + windows.running('agent.js').length === 0);
    expect((await stage.board(job)).rendered).toBe(false);

    const second = start();
    await until(() => windows.running('agent.js').length > 0);
    // The lock of the living one keeps a third from working beside it.
    const [code] = (await once(start(), 'exit')) as [number];
    expect(code).toBe(0);
    const [last] = second.exitCode === null ? ((await once(second, 'exit')) as [number]) : [second.exitCode];
    expect(last).toBe(0);
    expect(await readFile(join(folder, 'errors'), 'utf8')).toBe('');
    expect((await stage.board(job)).rendered).toBe(true);
    const end = await readRecord<MachineEnd>(stage.store, keys.ended(settings.machine));
    expect(end).toMatchObject({ state: 'found', record: { reason: 'nothing-left' } });
    const receipts = (await stage.receipts(job)).sort((a, b) => a.segment - b.segment);
    const pictures = await Promise.all(receipts.map(({ key }) => frameHashes(join(stage.folder, 'store', key))));
    expect(pictures.flat()).toHaveLength(FRAMES);

    const told = (await readFile(join(windows.c, 'told'), 'utf8')).split(/\r?\n/).map((line) => line.trim());
    // Windows takes no second shutdown: each is taken back before the next is set.
    expect(told.slice(0, 2)).toEqual(['/a', '/s /f /t 10800']);
    expect(told.filter((line) => line === '/a')).toHaveLength(told.filter((line) => line.startsWith('/s')).length);
    expect(told.filter((line) => line !== '').at(-1)).toBe('/s /f /t 60');
  });
});
