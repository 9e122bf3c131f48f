import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../helpers/until.js';
import { openHome, type Home } from './home.js';
import { resultsIn, smallSeason } from './season.js';

const heard: { title: string; message: string }[] = [];
let answers: () => void = () => undefined;
let endpoint: Server;
let address: string;
let root: string;
let home: Home;

beforeAll(async () => {
  endpoint = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push(JSON.parse(body) as { title: string; message: string });
      answers();
      response.end();
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  address = `json://127.0.0.1:${(endpoint.address() as AddressInfo).port}`;
  root = await mkdtemp(join(tmpdir(), 'taaf-notice-'));
  home = await openHome();
});
afterAll(async () => {
  await home.close();
  endpoint.closeAllConnections();
  endpoint.close();
  await rm(root, { recursive: true, force: true });
});

it('the end of a season is told once to its own addresses, though the worker dies meanwhile, and a dead address is named', async () => {
  const season = await smallSeason(root, 'show', 1);
  const out = join(root, 'out');
  // The worker has run since before this file was there.
  expect((await home.taaf('up')).code).toBe(0);
  await writeFile(join(season.folder, 'taaf.yaml'), `notify: ['${address}/s3cret', 'json://127.0.0.1:9/s3cret']\n`);
  answers = () => home.kill(...home.pids('worker.js'));
  const id = await home.submit(season.folder, '--profile', season.profile, '--out', out);
  // What is said here is what the attempt after the worker's death has found.
  await until(async () => (await home.status(id)).untold.length > 0);
  const status = await home.status(id);
  expect(status.state).toBe('done');
  expect(await resultsIn(out)).toEqual([...season.results]);
  expect(heard).toHaveLength(1);
  expect(heard[0]?.title).toBe('show is finished');
  expect(heard[0]?.message).toMatch(/^1 of 1 episodes are done, after \d+ min \d+ s\.\nResults: /);
  expect(heard[0]?.message).toContain(out);
  expect(status.untold.map(({ kind, what }) => `${kind}: ${what}`)).toEqual([
    'network: json://… did not take the message',
  ]);
  expect(JSON.stringify(status)).not.toContain('s3cret');
});
