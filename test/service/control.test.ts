/** Server and worker in the background: one of each, ready when `up` returns, back after every death, gone after `down`. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { appendFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildId } from '../../src/service/build.js';
import { embeddedAddress } from '../../src/service/connection.js';
import { down, roleState, up } from '../../src/service/control.js';
import { launcher } from '../../src/service/launch.js';
import { logTail } from '../../src/service/log.js';
import { lockOf, logOf, portsOf } from '../../src/service/places.js';
import { holderOf, readRecord } from '../../src/service/records.js';
import { isLocked } from '../../src/process/lock.js';
import { tools } from '../helpers/tools.js';
import { until } from '../helpers/until.js';
import { childrenOf, harness, lives } from './harness.js';
import type { Harness } from './harness.js';

const temporal = (address: string, ...args: string[]) =>
  promisify(execFile)(tools.temporal, [...args, '--address', address, '--output', 'json']);

let here: Harness;
beforeAll(async () => {
  here = await harness();
});
afterAll(async () => {
  for (const [, , agent] of await here.workers()) if (agent !== undefined && lives(agent)) process.kill(agent);
  await here.close();
});

const record = async (role: 'server' | 'worker') => {
  const found = await readRecord(here.paths, role);
  if (!found) throw new Error(`no ${role}`);
  return found;
};

describe('up', () => {
  it('called twice at once ends with one server and one worker, both ready', async () => {
    await Promise.all([up(here.options()), up(here.options())]);
    expect(await here.workers()).toHaveLength(1);
    const { address = '', pid } = await record('server');
    expect(await roleState(here.paths, 'worker')).toMatchObject({ state: 'running', record: { address } });
    expect(await holderOf(here.paths, 'server')).toBe(pid);
    expect(await embeddedAddress(here.paths)).toBe(address);
    await temporal(address, 'operator', 'cluster', 'health');
  });

  it('keeps finished seasons for ninety days in a namespace of their own', async () => {
    const { address = '' } = await record('server');
    const { stdout } = await temporal(address, 'operator', 'namespace', 'describe', '--namespace', 'taaf');
    expect(JSON.parse(stdout)).toMatchObject({ config: { workflowExecutionRetentionTtl: `${90 * 24 * 3600}s` } });
  });

  it('listens on loopback only', async () => {
    const { address, uiAddress } = await record('server');
    expect([address, uiAddress]).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    ]);
    expect((await fetch(uiAddress ?? '')).ok).toBe(true);
  });

  it('starts nothing that runs', async () => {
    here.told.length = 0;
    await up(here.options());
    expect(here.told).toEqual([]);
    expect(await here.workers()).toHaveLength(1);
  });
});

describe('a death', () => {
  it('of the worker is followed by another worker, and its own children are gone', async () => {
    const [[worker = 0, child = 0] = []] = await here.workers();
    process.kill(worker, 'SIGKILL');
    await until(async () => (await here.workers()).length === 2);
    await until(() => !lives(child));
    await until(async () => (await readRecord(here.paths, 'worker')) !== undefined);
    expect(await logTail(logOf(here.paths, 'worker'), 100)).toContain(
      '"msg":"the worker ended; starting it again","end":"SIGKILL"',
    );
  });

  it('of the server is followed by another server at the same address', async () => {
    const before = await record('server');
    for (const child of childrenOf(before.pid)) process.kill(child, 'SIGKILL');
    await until(async () => {
      const after = await readRecord(here.paths, 'server');
      return after !== undefined && after.startedAt !== before.startedAt;
    });
    expect((await record('server')).address).toBe(before.address);
  });

  it('of both supervisors takes their programs with it, and the next up brings all back to the same address', async () => {
    const [server, worker] = [await record('server'), await record('worker')];
    const programs = [server, worker].flatMap(({ pid }) => childrenOf(pid));
    expect(programs).toHaveLength(2);
    for (const { pid } of [server, worker]) process.kill(pid, 'SIGKILL');
    await until(() => !isLocked(lockOf(here.paths, 'server')) && !isLocked(lockOf(here.paths, 'worker')));
    expect(programs.filter(lives)).toEqual([]);
    expect(await embeddedAddress(here.paths)).toBeUndefined();
    expect(await holderOf(here.paths, 'server')).toBeUndefined();
    await up(here.options());
    expect((await record('server')).address).toBe(server.address);
  });
});

describe('a sleep', () => {
  it('of server and supervisor leaves everything as it was', async () => {
    const { pid, address = '' } = await record('server');
    const all = [pid, ...childrenOf(pid)];
    for (const one of all) process.kill(one, 'SIGSTOP');
    const asleep = await roleState(here.paths, 'server');
    for (const one of all) process.kill(one, 'SIGCONT');
    expect(asleep).toMatchObject({ state: 'running' });
    await temporal(address, 'operator', 'cluster', 'health');
    expect((await record('server')).pid).toBe(pid);
  });
});

describe('down', () => {
  it('ends both as they wish to end, leaves detached agents alone and says so', async () => {
    here.told.length = 0;
    const [worker = 0, child = 0, agent = 0] = (await here.workers()).at(-1) ?? [];
    const { pid } = await record('server');
    const server = childrenOf(pid);
    await down({ ...here.options(), agents: 1 });
    expect(here.told).toEqual([
      'Stopping the worker',
      'Stopping the server',
      expect.stringMatching(/^1 agents go on rendering/),
    ]);
    expect((await readFile(join(here.home, 'ended'), 'utf8')).trim().split('\n').at(-1)).toBe(String(worker));
    await until(() => [worker, child, pid, ...server].every((one) => !lives(one)));
    expect(lives(agent)).toBe(true);
    expect([await roleState(here.paths, 'server'), await roleState(here.paths, 'worker')]).toEqual([
      { state: 'stopped' },
      { state: 'stopped' },
    ]);
  });

  it('of what does not run says and does nothing', async () => {
    here.told.length = 0;
    await down({ ...here.options(), agents: 0 });
    expect(here.told).toEqual([]);
  });
});

describe('a taken port', () => {
  const occupied = (port: number) =>
    new Promise<Server>((resolve) => {
      const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
    });
  const portOf = (server: Server) => (server.address() as AddressInfo).port;

  it('makes the server take the next one, and the worker follow it there', async () => {
    const [grpc, ui] = [await occupied(0), await occupied(0)];
    const wanted = portOf(grpc);
    await writeFile(portsOf(here.paths), JSON.stringify({ grpc: wanted, ui: portOf(ui) }));
    for (const server of [grpc, ui]) await promisify(server.close.bind(server))();
    await up(here.options());
    expect((await record('server')).address).toBe(`127.0.0.1:${wanted}`);

    await down({ ...here.options(['server']), agents: 0 });
    const other = await occupied(wanted);
    await up(here.options());
    other.close();
    const moved = await record('server');
    expect(moved.address).not.toBe(`127.0.0.1:${wanted}`);
    expect((await record('worker')).address).toBe(moved.address);
  });
});

describe('another build of TAAF', () => {
  it('is what runs after the next up', async () => {
    here.told.length = 0;
    const before = (await here.workers()).length;
    const program = join(dirname(here.program), 'worker.js');
    await appendFile(program, '\n// Another build.\n');
    const build = await buildId(dirname(here.program));
    await up({ ...here.options(), build });
    expect(here.told[0]).toBe('The worker is of another build of TAAF; starting it again');
    expect(await here.workers()).toHaveLength(before + 1);
    expect((await record('worker')).build).toBe(build);
    here.told.length = 0;
    await up({ ...here.options(), build });
    expect(here.told).toEqual([]);
    await truncate(program, (await stat(program)).size - 19);
    await up(here.options());
  });
});

describe('what cannot start', () => {
  it('is a failure with the program’s own last line', async () => {
    await here.stop();
    await writeFile(join(here.home, 'broken'), '');
    await expect(up(here.options(['worker']))).rejects.toMatchObject({
      kind: 'bug',
      message: 'The worker does not start',
      evidence: 'Error: this worker is broken',
    });
    expect(await roleState(here.paths, 'worker')).toEqual({ state: 'stopped' });
    await rm(join(here.home, 'broken'));
    await up(here.options(['worker']));
  });

  it('for want of a toolchain names taaf setup', async () => {
    const launch = launcher(here.paths, here.program, { PATH: process.env['PATH'], TAAF_HOME: here.home });
    await here.stop();
    await expect(up({ ...here.options(['server']), launch })).rejects.toMatchObject({
      kind: 'tool-missing',
      next: 'Run: taaf setup',
    });
  });
});
