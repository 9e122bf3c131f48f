/** Folders, the package's root, the id of the installation. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installId } from '../../src/config/install.js';
import { packageRoot } from '../../src/config/package-root.js';
import { taafPaths } from '../../src/config/paths.js';

describe('TAAF’s folders', () => {
  it('are the platform’s own, without any suffix', () => {
    for (const path of Object.values(taafPaths({}))) expect(path).toMatch(/\/taaf(\/\w+)?$/);
  });

  it('lie all under TAAF_HOME where that is set', () => {
    for (const path of Object.values(taafPaths({ TAAF_HOME: '/x/y' }))) expect(path).toMatch(/^\/x\/y/);
  });

  it('keep the state apart from what may be thrown away', () => {
    const { state, cache, data } = taafPaths({});
    expect(state).not.toBe(data);
    expect(state.startsWith(cache)).toBe(false);
  });
});

describe('the package’s root', () => {
  it('has the toolchain’s lock', () => {
    expect(existsSync(join(packageRoot(), 'assets', 'requirements', 'base-temporal.txt'))).toBe(true);
  });
});

describe('the id of the installation', () => {
  it('is made once, also for callers at the same time, and differs between installations', async () => {
    const home = await mkdtemp(join(tmpdir(), 'taaf-id-'));
    const ids = await Promise.all(Array.from({ length: 8 }, () => installId(taafPaths({ TAAF_HOME: home }))));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(await installId(taafPaths({ TAAF_HOME: join(home, 'other') }))).not.toBe(ids[0]);
    await rm(home, { recursive: true });
  });
});
