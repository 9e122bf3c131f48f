/** Notices through the real Apprise to a real HTTP endpoint on loopback: what arrives, how often, and who could have read the address. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appriseArgv, hidden } from '../../src/notify/apprise.js';
import { notifyOnce } from '../../src/notify/once.js';
import type { NoticeRequest } from '../../src/notify/once.js';
import { sendNotice } from '../../src/notify/send.js';
import { bundle } from '../helpers/bundle.js';
import { temporaryFolder } from '../helpers/folder.js';
import { processes } from '../helpers/processes.js';
import { tools } from '../helpers/tools.js';
import { until } from '../helpers/until.js';

const notice = { title: 'voyager-s1 is done', body: '24 of 24 episodes „fertig“\n--body looks like an option' };
const arrived: { path: string; title: string; message: string }[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let sender: string[];
let address: string;

const server = createServer((request, response) => {
  void text(request).then((body) => {
    arrived.push({ path: request.url ?? '', ...(JSON.parse(body) as { title: string; message: string }) });
    answer(request, response);
  });
});

beforeAll(async () => {
  sender = [process.execPath, await bundle('src/notify/main.ts', 'notify')];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `json://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  arrived.length = 0;
  answer = (_request, response) => void response.end();
});

describe('a notice', () => {
  it('arrives with its title and text, and the outcome of each address is told without its secret', async () => {
    const urls = [`${address}/s3cret`, 'json://127.0.0.1:9/s3cret', 'nosuch://s3cret@host', 'slack://s3cret'];
    const outcomes = await sendNotice(tools, urls, notice);
    expect(arrived).toEqual([expect.objectContaining({ path: '/s3cret', title: notice.title, message: notice.body })]);
    expect(outcomes.map(({ address: kind, failure }) => [kind, failure?.kind])).toEqual([
      ['json://…', undefined],
      ['json://…', 'network'],
      ['nosuch://…', 'network'],
      ['slack://…', 'network'],
    ]);
    expect(outcomes[1]?.failure?.evidence).toContain('Connection error');
    expect(JSON.stringify(outcomes)).not.toContain('s3cret');
  });

  it('shows neither address nor text in the list of processes', async () => {
    let commands: string[] = [];
    answer = (_request, response) => {
      commands = processes().map(({ command }) => command);
      response.end();
    };
    await sendNotice(tools, [`${address}/s3cret`], notice);
    const apprise = commands.filter((command) => command.includes('apprise'));
    expect(apprise).not.toEqual([]);
    for (const command of commands) expect(command).not.toMatch(/s3cret|24 of 24/);
  });

  it('to an address that never answers is given up after the limit', async () => {
    answer = () => undefined;
    const [outcome] = await sendNotice(tools, [address], notice, 2_000);
    expect(outcome?.failure).toMatchObject({ kind: 'network', what: 'json://… did not answer in time' });
  });

  it('may have a title that begins with a dash', () => {
    expect(appriseArgv('/a', '-x')).toContain('--title=-x');
  });

  it.each([
    ['mailto://user:pass@host', 'mailto://…'],
    ['tok3n-without-scheme', 'unknown://…'],
  ])('hides all but the kind of %s', (url, shown) => {
    expect(hidden(url)).toBe(shown);
  });
});

describe('a notice that must go out once', () => {
  const request = async (id = 'finished-1'): Promise<NoticeRequest> => {
    const folder = join(await temporaryFolder(), 'notices');
    return { folder, id, tools, urls: [`${address}/s3cret`], ...notice, sender };
  };

  it('goes out once for many who want it at once, and for all who want it later', async () => {
    const wanted = await request();
    const told = await Promise.all([notifyOnce(wanted), notifyOnce(wanted), notifyOnce(wanted)]);
    expect(told).toEqual([[{ address: 'json://…' }], [{ address: 'json://…' }], [{ address: 'json://…' }]]);
    expect(await notifyOnce({ ...wanted, title: 'other words' })).toEqual(told[0]);
    expect(arrived).toHaveLength(1);
  });

  it('goes out once when the one who wanted it is killed while it is on its way', async () => {
    const wanted = await request();
    let reply = (): void => undefined;
    answer = (_request, response) => (reply = () => void response.end());
    const program = await bundle('test/notify/fixtures/caller.ts', 'notify-caller');
    const caller = spawn(process.execPath, [program, JSON.stringify(wanted)], { stdio: 'inherit' });
    await until(() => arrived.length === 1);
    caller.kill('SIGKILL');
    const again = notifyOnce(wanted);
    reply();
    expect(await again).toEqual([{ address: 'json://…' }]);
    expect(arrived).toHaveLength(1);
  });

  it('is not lost when its sender dies before it sends', async () => {
    const wanted = await request();
    const broken = { ...wanted, sender: ['/bin/sh', '-c', 'echo "no program" >&2; exit 1'] };
    await expect(notifyOnce(broken)).rejects.toMatchObject({ kind: 'bug', evidence: 'no program' });
    expect((await stat(join(wanted.folder, 'finished-1.intent.json'))).mode & 0o777).toBe(0o600);
    await notifyOnce(wanted);
    expect(arrived).toHaveLength(1);
  });

  it('leaves the outcome behind, and no address', async () => {
    const wanted = { ...(await request()), urls: [`${address}/s3cret`, 'json://127.0.0.1:9/s3cret'] };
    const outcomes = await notifyOnce(wanted);
    expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([undefined, 'network']);
    const files = (await readdir(wanted.folder)).sort();
    expect(files).toEqual(['finished-1.err', 'finished-1.lock', 'finished-1.sent.json']);
    for (const file of files) expect(await readFile(join(wanted.folder, file), 'utf8')).not.toContain('s3cret');
  });

  it('has an id that cannot lead out of its folder', async () => {
    await expect(notifyOnce(await request('../x'))).rejects.toMatchObject({ kind: 'bug' });
  });
});
