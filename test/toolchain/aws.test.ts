/** What only the AWS fleet needs: Ansible of the right age, and AWS's plugin. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { taafPaths } from '../../src/config/paths.js';
import { ensureAnsible, findAnsible, refusal } from '../../src/toolchain/ansible.js';
import { checkAwsTools } from '../../src/toolchain/check-aws.js';
import { requireSessionPlugin } from '../../src/toolchain/session-plugin.js';
import { temporaryFolder } from '../helpers/folder.js';

async function script(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('an Ansible', () => {
  it.each([
    ['windows', '10.1.2', false],
    ['windows', '11.3.9', false],
    ['windows', '11.4.0', true],
    ['windows', '12.0.0', true],
    ['linux', '10.1.2', true],
  ] as const)('for %s machines with amazon.aws %s is of use: %s', (system, amazonAws, good) => {
    expect(refusal(system, { amazonAws }) === undefined).toBe(good);
  });

  it('for Windows machines is refused before anything is fetched where Python is too old, with the fix', async () => {
    const folder = await temporaryFolder();
    await script(join(folder, 'bin', 'python3.11'), `echo '["/usr/bin/python3.11", 3, 11, true]'`);
    const path = process.env['PATH'];
    process.env['PATH'] = join(folder, 'bin');
    const making = { paths: taafPaths({ TAAF_HOME: folder }), report: () => expect.unreachable('nothing is made') };
    try {
      await expect(ensureAnsible(making, 'windows')).rejects.toMatchObject({
        kind: 'tool-missing',
        evidence: 'amazon.aws 10.1.2; 11.4.0 or newer is wanted, which needs Python 3.12',
        next: 'Install Python 3.12 or newer, then try again',
      });
    } finally {
      process.env['PATH'] = path;
    }
    expect(await findAnsible(making.paths)).toBeUndefined();
  });
});

describe('AWS’s plugin', () => {
  it('is taken from PATH', async () => {
    const plugin = await script(join(await temporaryFolder(), 'session-manager-plugin'), 'echo 1.2.707.0');
    expect(await requireSessionPlugin({ PATH: `/nowhere:${dirname(plugin)}` })).toBe(plugin);
  });

  it('that is missing is told with the way to get it', async () => {
    await expect(requireSessionPlugin({ PATH: '/nowhere' })).rejects.toMatchObject({
      kind: 'tool-missing',
      next: expect.stringContaining('brew install --cask session-manager-plugin') as string,
    });
  });
});

describe('the doctor’s look at the AWS fleet’s programs', () => {
  it('names what is there, and how to get what is not', async () => {
    const folder = await temporaryFolder();
    const plugin = await script(join(folder, 'session-manager-plugin'), 'echo 1.2.707.0');
    const [ansible, found] = await checkAwsTools(taafPaths({ TAAF_HOME: folder }), { PATH: folder });
    expect(ansible).toMatchObject({ name: 'ansible', found: undefined, ok: false });
    expect(ansible?.fix).toContain('set up when AWS is first used');
    expect(found).toMatchObject({ ok: true, found: `1.2.707.0 (${plugin})`, fix: undefined });
  });

  it('finds a plugin that does not run', async () => {
    const folder = await temporaryFolder();
    await script(join(folder, 'session-manager-plugin'), 'exit 1');
    const [, plugin] = await checkAwsTools(taafPaths({ TAAF_HOME: folder }), { PATH: folder });
    expect(plugin).toMatchObject({ ok: false, fix: expect.stringContaining('Session Manager plugin') as string });
  });
});
