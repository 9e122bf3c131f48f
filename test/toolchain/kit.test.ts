/** The kit of a machine: the same bytes for the same content, and everything in it that an agent needs on a computer that has nothing. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taafPaths } from '../../src/config/paths.js';
import { sha256OfFile } from '../../src/disk/hash.js';
import { keys, machineId } from '../../src/domain/ids.js';
import type { MachineEnd } from '../../src/domain/job.js';
import { kitRef } from '../../src/domain/machine-kit.js';
import { machineSettings } from '../../src/domain/machine-settings.js';
import { readRecord } from '../../src/store/records.js';
import { writeArchive } from '../../src/toolchain/kit-archive.js';
import { makeKit } from '../../src/toolchain/kit.js';
import { openStage } from '../agent/stage.js';
import { testProfile } from '../fixtures/job.js';
import { progressive } from '../fixtures/media.js';
import { frameHashes } from '../helpers/frame-hashes.js';

const exec = promisify(execFile);
const FRAMES = 12;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-kit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an archive', () => {
  it('depends on names and contents alone, and tar reads it', async () => {
    const big = join(folder, 'big');
    await writeFile(big, Buffer.alloc(700_001, 'frames'));
    const entries = [
      { name: 'b/program', content: big, executable: true },
      { name: 'a.json', content: Buffer.from('{}') },
      { name: 'empty', content: Buffer.alloc(0) },
    ];
    const first = await writeArchive(entries, join(folder, 'one.tar.gz'));
    await utimes(big, 1, 1);
    const second = await writeArchive([...entries].reverse(), join(folder, 'two.tar.gz'));
    expect(second).toEqual(first);
    expect(await sha256OfFile(join(folder, 'one.tar.gz'))).toBe(first.sha256);
    expect((await stat(join(folder, 'one.tar.gz'))).size).toBe(first.bytes);
    const out = join(folder, 'out');
    await mkdir(out);
    await exec('tar', ['-xzf', join(folder, 'one.tar.gz'), '-C', out]);
    expect(await readFile(join(out, 'b/program'))).toEqual(await readFile(big));
    expect((await stat(join(out, 'b/program'))).mode & 0o777).toBe(0o755);
    expect(await readFile(join(out, 'a.json'), 'utf8')).toBe('{}');
    expect((await readFile(join(out, 'empty'))).length).toBe(0);
  });

  it('refuses a name that its format cannot hold', async () => {
    const entries = [{ name: 'x'.repeat(101), content: Buffer.alloc(0) }];
    await expect(writeArchive(entries, join(folder, 'bad.tar.gz'))).rejects.toMatchObject({ kind: 'bug' });
  });
});

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the kit of a Linux machine', () => {
  it('renders with a model on a computer that has no PATH, no HOME and no TAAF', async () => {
    const paths = taafPaths({ TAAF_HOME: join(import.meta.dirname, '..', '..', '.cache', 'taaf') });
    const said: string[] = [];
    const options = { paths, env: process.env, report: (line: string) => said.push(line) };
    const kit = await makeKit('linux', options);
    expect(kitRef(kit)).toEqual({
      key: `kits/linux/${await sha256OfFile(kit.file)}.tar.gz`,
      sha256: kit.sha256,
      bytes: (await stat(kit.file)).size,
    });
    // Made once: the second time it is there.
    said.length = 0;
    expect([await makeKit('linux', options), said]).toEqual([kit, []]);

    const root = join(folder, 'machine');
    await mkdir(join(root, 'kit'), { recursive: true });
    await exec('tar', ['-xzf', kit.file, '-C', join(root, 'kit')]);
    const stage = openStage(join(folder, 'season'));
    const job = await stage.addEpisode(1, await progressive(folder, FRAMES), {
      profile: {
        ...testProfile(),
        upscale: { engine: 'onnx', model: 'realesr-animevideov3-x4', strength: 1, grain: 0 },
      },
    });
    const ref = { season: job.season, machine: machineId(job.episode, 1), episode: job.episode };
    const place = { bucket: 'none', region: 'none' };
    const settings = machineSettings({
      place,
      ref,
      system: 'linux',
      endsAt: 0,
      timeScale: 30,
    });
    const store = { kind: 'directory', folder: join(folder, 'season', 'store') };
    // This computer is nobody's lease.
    await writeFile(join(root, 'settings.json'), JSON.stringify({ ...settings, store, lease: undefined }));
    const argv = [join(root, 'kit/dist/agent.js'), join(root, 'settings.json')];
    // A group of its own, which ends with it.
    const agent = spawn(join(root, 'kit/bin/node'), argv, {
      ...{ env: { PATH: '', HOME: '' }, cwd: root, detached: true, stdio: ['ignore', 'ignore', 'inherit'] },
    });
    expect(await once(agent, 'exit')).toEqual([0, null]);

    const receipts = await stage.receipts(job);
    expect(receipts.map(({ engine }) => engine)).toEqual([expect.stringMatching(/^realesr-animevideov3-x4 on /)]);
    expect(await frameHashes(join(folder, 'season', 'store', receipts[0]?.key ?? ''))).toHaveLength(FRAMES);
    const end = await readRecord<MachineEnd>(stage.store, keys.ended(ref.machine));
    expect(end).toMatchObject({ record: { reason: 'nothing-left' } });
  });
});
