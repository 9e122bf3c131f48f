/** Leased machines: they end themselves, never too early, never too late, and give way when the cloud wants them back. */
import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { keys } from '../../src/domain/ids.js';
import type { Job, MachineEnd, MachineProgress } from '../../src/domain/job.js';
import { createRecord, readRecord } from '../../src/store/records.js';
import { progressive } from '../fixtures/media.js';
import { temporaryFolder } from '../helpers/folder.js';
import { groupLives } from '../helpers/processes.js';
import { until } from '../helpers/until.js';
import { openStage, type Agent, type Stage } from './stage.js';

const exec = promisify(execFile);
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
const HOUR = 3_600_000;
const FRAMES = 72;
let stage: Stage;
let job: Job;
/** What the machine's system was told, one line a call. */
let told: string;
let bin: string;

beforeEach(async () => {
  const folder = await temporaryFolder();
  stage = openStage(folder);
  job = await stage.addEpisode(1, await progressive(folder, FRAMES));
  told = join(folder, 'told');
  bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'shutdown'), `#!/bin/sh\necho "$@" >> '${told}'\n`);
  await chmod(join(bin, 'shutdown'), 0o755);
});

/** Minutes of every shutdown that was asked for. */
const ends = async (): Promise<number[]> =>
  (await readFile(told, 'utf8'))
    .split('\n')
    .flatMap((line) => (line === '' ? [] : Number(/^-h \+(\d+)$/.exec(line)?.[1])));

const endOf = async ({ machine }: Agent): Promise<string | undefined> => {
  const end = await readRecord<MachineEnd>(stage.store, keys.ended(machine));
  return end.state === 'found' ? end.record.reason : undefined;
};

interface Leased {
  readonly launch?: number;
  readonly env?: Record<string, string>;
  readonly endsAt?: number;
  readonly scratch?: string;
}

async function lease({ launch = 1, env = {}, endsAt = Date.now() + HOUR, scratch }: Leased = {}): Promise<Agent> {
  const path = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
  const metadata = env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? 'http://127.0.0.1:9';
  const all = { PATH: path, ...env, AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata };
  const agent = await stage.agent(job.episode, launch, all, { lease: { endsAt }, ...(scratch ? { scratch } : {}) });
  onTestFinished(() => void agent.process.kill('SIGKILL'));
  return agent;
}

const logOf = async ({ machine }: Agent): Promise<string> => {
  const chunks = await stage.store.list(keys.logs(machine));
  return (await Promise.all(chunks.map(async ({ key }) => (await stage.store.get(key))?.read()))).join('');
};

const failures = () => stage.store.list(`${keys.work(job.recipe)}failures/`);

describe('a leased machine', () => {
  it('has its end moved on by every finished unit, and ends soon when nothing is left', async () => {
    const agent = await lease();
    expect(await agent.ended).toBe(0);
    expect(await endOf(agent)).toBe('nothing-left');
    const minutes = await ends();
    expect(minutes.at(0)).toBe(180);
    expect(minutes.at(-1)).toBe(1);
    // One for each unit: the restoring, and the segments.
    const units = 1 + (await stage.receipts(job)).length;
    expect(minutes.slice(1, -1)).toEqual(Array.from({ length: units }, () => 60));
  });

  it('E46: never lives on beyond its deadline, whatever it finishes', async () => {
    const agent = await lease({ endsAt: Date.now() + 10_000 });
    await agent.ended;
    // Ten seconds, at a scale of 30, are five minutes of the machine's own clock.
    const minutes = await ends();
    expect(Math.max(...minutes)).toBeLessThanOrEqual(5);
    expect(minutes.length).toBeGreaterThan(2);
  });

  it('gains no time by an agent that dies again and again', async () => {
    const points = join(stage.folder, 'failpoints');
    await mkdir(points);
    for (let death = 0; death < 2; death += 1) {
      await writeFile(join(points, 'restore'), '');
      expect(await (await lease({ env: { TAAF_FAILPOINTS: points } })).ended).toBe('SIGKILL');
    }
    const patience = JSON.parse(
      await readFile(join(stage.folder, 'machines', `${job.episode}-l1`, 'lease.json'), 'utf8'),
    ) as {
      until: number;
    };
    const [first = 0, second = 0] = await ends();
    expect(second).toBeLessThanOrEqual(first);
    // The second life ends when the first would have.
    const rest = ((patience.until - Date.now()) * 30) / 60_000;
    expect(rest).toBeLessThan(second + 1);
    const agent = await lease();
    expect(await agent.ended).toBe(0);
    expect((await logOf(agent)).match(/agent begins/g)).toHaveLength(3);
  });

  it('E42: started again after its end it touches nothing, and ends its machine', async () => {
    const agent = await lease();
    await createRecord(stage.store, keys.ended(agent.machine), { machine: agent.machine, reason: 'gone' });
    agent.process.kill('SIGKILL');
    await agent.ended;
    await until(() => !groupLives(agent.process.pid));
    const claims = (await stage.store.list(`${keys.work(job.recipe)}claims/`)).length;
    const again = await lease();
    expect(await again.ended).toBe(0);
    expect((await stage.store.list(`${keys.work(job.recipe)}claims/`)).length).toBe(claims);
    expect((await ends()).at(-1)).toBe(1);
  });

  it('says that its system does not let it, and renders on', async () => {
    await writeFile(join(bin, 'shutdown'), '#!/bin/sh\necho no >&2\nexit 1\n');
    const agent = await lease();
    expect(await agent.ended).toBe(0);
    expect((await stage.board(job)).rendered).toBe(true);
    expect(await logOf(agent)).toContain('end could not be set');
  });
});

describe.runIf(mayMount)('the disk of a leased machine', () => {
  it('E45: that is full is told with the way out, and no half result is left', async () => {
    const scratch = join(stage.folder, 'small');
    await mkdir(scratch);
    await exec('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', scratch]);
    onTestFinished(() => void spawnSync('umount', ['-l', scratch]));
    const agent = await lease({ scratch });
    expect(await agent.ended).toBe(0);
    expect((await stage.board(job)).blocked).toMatchObject({
      kind: 'disk-full',
      next: expect.stringContaining('larger disk') as string,
    });
    expect(await stage.store.list(`${keys.work(job.recipe)}manifest/`)).toEqual([]);
    expect(await endOf(agent)).toBe('nothing-left');
    expect((await ends()).at(-1)).toBe(1);
  });
});

describe('the notice of a spot machine', () => {
  let metadata: { address: string; asked: string[] };
  let notice: string | undefined;
  let tokens: number;
  beforeEach(async () => {
    notice = undefined;
    tokens = 0;
    const asked: string[] = [];
    // IMDSv2: a token by PUT with its life in seconds, and nothing without the newest.
    const answerTo = ({ url = '', method, headers }: IncomingMessage): [status: number, text?: string] => {
      asked.push(`${method} ${url}`);
      if (url === '/latest/api/token') {
        const isRight = method === 'PUT' && headers['x-aws-ec2-metadata-token-ttl-seconds'] !== undefined;
        return isRight ? [200, `token-${++tokens}`] : [400];
      }
      if (headers['x-aws-ec2-metadata-token'] !== `token-${tokens}`) return [401];
      return url === '/latest/meta-data/spot/instance-action' && notice !== undefined ? [200, notice] : [404];
    };
    const server = createServer((request, response) => {
      const [status, text] = answerTo(request);
      response.writeHead(status).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    metadata = { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  });

  const spot = (launch: number) => lease({ launch, env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.address } });

  it('E34: the unit in hand is dropped at once, what is finished counts, and another takes over', async () => {
    const agent = await spot(1);
    await until(async () => {
      const progress = await readRecord<MachineProgress>(stage.store, keys.progress(agent.machine));
      const units = progress.state === 'found' ? progress.record.units : [];
      return (await stage.receipts(job)).length > 0 && units.length > 0;
    });
    // The service is started anew as well: its tokens are worth nothing any more.
    tokens += 1;
    notice = JSON.stringify({ action: 'terminate', time: '2026-11-25T12:00:00Z' });
    expect(await agent.ended).toBe(0);
    await until(() => !groupLives(agent.process.pid));
    expect(await endOf(agent)).toBe('reclaimed');
    expect(await failures()).toEqual([]);
    expect(await logOf(agent)).toContain('takes this machine back');
    expect((await ends()).at(-1)).toBe(1);
    const before = (await stage.receipts(job)).map(({ machine }) => machine);
    expect(before.length).toBeGreaterThan(0);

    notice = undefined;
    expect(await (await spot(2)).ended).toBe(0);
    expect((await stage.board(job)).rendered).toBe(true);
    expect((await stage.receipts(job)).filter(({ machine }) => machine === agent.machine)).toHaveLength(before.length);
    expect(metadata.asked.filter((line) => line.startsWith('PUT')).length).toBeGreaterThan(2);
  });
});
