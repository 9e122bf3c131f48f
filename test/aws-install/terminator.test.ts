import { execFile } from 'node:child_process';
import { copyFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { tagKeys } from '../../src/aws/names.js';
import { temporaryFolder } from '../helpers/folder.js';
import { until } from '../helpers/until.js';
import { INSTALL, startCloud } from './cloud.js';
import { launch } from './machines.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const HOUR = 3_600_000;

describe('the last resort (E46, E47)', () => {
  it('ends the machines of its installation whose deadline has passed, and no other', async () => {
    const cloud = await startCloud();
    const from = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
    const ours = { [tagKeys.install]: INSTALL };
    const overdue = [
      await launch(cloud, { ...ours, [tagKeys.deadline]: from(-HOUR) }),
      await launch(cloud, { ...ours, [tagKeys.deadline]: from(-1000) }),
    ];
    await launch(cloud, { ...ours, [tagKeys.deadline]: from(HOUR) });
    await launch(cloud, ours);
    await launch(cloud, { ...ours, [tagKeys.deadline]: 'never' });
    await launch(cloud, { [tagKeys.install]: 'fedcba9876543210', [tagKeys.deadline]: from(-HOUR) });

    expect((await run()).sort()).toEqual([...overdue].sort());
    const state = (id: string) => cloud.double.instances().find((instance) => instance.id === id)?.state;
    await until(() => overdue.every((id) => state(id) === 'terminated'));
    expect(cloud.double.instances().filter(({ state: now }) => now === 'running')).toHaveLength(4);
    expect(await run()).toEqual([]);
  });

  it('ends the others although one cannot be ended, and says so', async () => {
    const cloud = await startCloud();
    const past = { [tagKeys.install]: INSTALL, [tagKeys.deadline]: new Date(Date.now() - HOUR).toISOString() };
    await launch(cloud, past);
    await launch(cloud, past);
    cloud.double.script({ service: 'ec2', action: 'TerminateInstances', kind: 'denied', times: 1 });
    await expect(run()).rejects.toThrow('UnauthorizedOperation');
    await until(() => cloud.double.instances().filter(({ state }) => state === 'terminated').length === 1);
  });
});

/** As Lambda runs it: alone in a folder as index.js, with the SDK beside it. @returns the machines that it has ended */
async function run(): Promise<string[]> {
  const folder = await temporaryFolder();
  await copyFile(join(root, 'assets', 'aws', 'terminator.cjs'), join(folder, 'index.js'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const script = `require('./index.js').handler({}).then((answer) => console.log(JSON.stringify(answer)))`;
  const env = { ...process.env, TAAF_INSTALL: INSTALL };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: folder, env });
  const answer = stdout.trim().split('\n').at(-1) ?? '';
  return (JSON.parse(answer) as { ended: string[] }).ended;
}
