import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const exec = promisify(execFile);
const root = join(import.meta.dirname, '..');
const packages = (): string[] => readdirSync(join(root, 'node_modules'));

describe('the bench', () => {
  it('builds, names its groups to whoever asks for another, and leaves nothing behind', async () => {
    const before = new Set(packages());
    await expect(exec(process.execPath, ['bench/run.mjs', 'speed'], { cwd: root })).rejects.toMatchObject({
      code: 2,
      stderr: 'There is no group speed: choose from startup, engine, submit, seasons, s3, install\n',
    });
    expect(packages().filter((name) => !before.has(name))).toEqual([]);
  });
});
