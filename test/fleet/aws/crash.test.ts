/** The worker dies on the way, by SIGKILL: its successor finds one machine at most, and ends it for sure. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../src/domain/ids.js';
import type { Failpoint } from '../../../src/process/failpoint.js';
import { bundle } from '../../helpers/bundle.js';
import { ref } from './fleet.js';
import { region, type Region } from './region.js';

let program = '';
beforeAll(async () => {
  program = await bundle('test/fleet/aws/fixtures/step.ts', 'aws-fleet-step');
});

/** Runs a step until the failpoint kills it. */
async function killAt(point: Failpoint, step: 'launch' | 'release', { double, folder }: Region): Promise<void> {
  const points = `${folder}/failpoints`;
  await mkdir(points, { recursive: true });
  await writeFile(`${points}/${point}`, '');
  const child = spawn(process.execPath, [program, step, folder], {
    env: { ...process.env, ...double.environment, TAAF_FAILPOINTS: points },
    stdio: 'inherit',
  });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}

const states = ({ double }: Region) => double.instances().map(({ state }) => state);

describe('a launch', () => {
  it.each([
    ['launch-written', 0, 'after the intent, before the request (E1)'],
    ['launch-answered', 1, 'between the answer and its note (E4)'],
    ['launch-noted', 1, 'before anybody has looked at the machine'],
  ] as const)('that dies at %s leaves %i, and one in the end: %s', async (point, left, _where) => {
    const here = await region();
    await killAt(point, 'launch', here);
    expect(here.double.instances()).toHaveLength(left);
    await here.fleet.launch(ref(), here.watch);
    expect(states(here)).toEqual(['running']);
  });

  it('that dies between the answer and its note is ended by the release of a machine that nobody wrote down (E4)', async () => {
    const here = await region({ delays: { visible: 60_000 } });
    await killAt('launch-answered', 'launch', here);
    await here.fleet.release(ref(), here.watch);
    expect(states(here)).toEqual(['terminated']);
  });

  it('that its own retry overtakes launches nothing beside it', async () => {
    const here = await region();
    await Promise.all([1, 2, 3].map(() => here.fleet.launch(ref(), here.watch)));
    expect(states(here)).toEqual(['running']);
  });
});

describe('a release', () => {
  it.each(['release-written', 'release-ended'] as const)('that dies at %s is finished by the next', async (point) => {
    const here = await region();
    await here.fleet.launch(ref(), here.watch);
    await killAt(point, 'release', here);
    expect(await here.store.stat(keys.ended(ref().machine))).toBeUndefined();
    await here.fleet.release(ref(), here.watch);
    expect(states(here)).toEqual(['terminated']);
    expect(await here.store.stat(keys.ended(ref().machine))).toBeDefined();
  });
});
