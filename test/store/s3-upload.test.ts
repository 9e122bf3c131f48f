import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startS3, type S3Double } from '../aws/s3/start.js';
import { bundle } from '../helpers/bundle.js';
import { temporaryFolder } from '../helpers/folder.js';
import { until } from '../helpers/until.js';
import { credentials, placeOn, storeOn } from './s3-store.js';

const MB = 1_000_000;
/** Five parts of 8 MiB, the last one shorter. */
const SIZE = 40 * MB;
const KEY = 'sources/e01/a';

async function source(bytes = SIZE) {
  const folder = await temporaryFolder();
  const path = join(folder, 'source');
  const content = randomBytes(bytes);
  await writeFile(path, content);
  return { folder, path, content };
}

/** What lies in the bucket, read past the store. */
const stored = async ({ bucket }: S3Double): Promise<Buffer> =>
  Buffer.concat(await Promise.all((bucket.objects.get(KEY)?.pieces ?? []).map(({ path }) => readFile(path))));

const partsSent = (s3: S3Double): (number | undefined)[] =>
  s3
    .called('UploadPart', true)
    .map(({ part }) => part)
    .sort();

it('E54: goes on after kill -9 and sends no part twice', async () => {
  const s3 = await startS3();
  const { path, content } = await source();
  // The third part and all behind it never get an answer: the program hangs there until it is killed.
  s3.script((action, n) => (action === 'UploadPart' && n > 2 ? { kind: 'hang' } : undefined));
  const program = await bundle('test/store/s3-transfer-program.ts');
  const child = spawn(process.execPath, [program, 'put', JSON.stringify(placeOn(s3)), KEY, path], {
    env: { ...process.env, ...credentials },
    stdio: 'ignore',
  });
  await until(() => s3.called('UploadPart', true).length === 2);
  child.kill('SIGKILL');
  await once(child, 'exit');

  s3.script(() => undefined);
  await (await storeOn(s3)).put(KEY, { file: path });
  expect(partsSent(s3)).toEqual([1, 2, 3, 4, 5]);
  expect((await stored(s3)).equals(content)).toBe(true);
  expect(s3.bucket.uploads.size).toBe(0);
});

it.each(['throttled', 'error', 'drop-before', 'drop-after'])(
  'E53: arrives whole though each third part meets "%s"',
  async (kind) => {
    const s3 = await startS3();
    const { path, content } = await source();
    s3.script((action, n) => (action === 'UploadPart' && n % 3 === 0 ? { kind } : undefined));
    await (await storeOn(s3)).put(KEY, { file: path });
    expect((await stored(s3)).equals(content)).toBe(true);
  },
);

it('gives up with what failed, keeps what has arrived, and goes on from there', async () => {
  const s3 = await startS3();
  const { path, content } = await source();
  const store = await storeOn(s3);
  s3.script((action, n) => (action === 'UploadPart' && n > 2 ? { kind: 'expired' } : undefined));
  await expect(store.put(KEY, { file: path })).rejects.toMatchObject({ kind: 'auth-expired' });
  s3.script(() => undefined);
  await store.put(KEY, { file: path });
  expect(partsSent(s3)).toEqual([1, 2, 3, 4, 5]);
  expect((await stored(s3)).equals(content)).toBe(true);
});

it('never mixes parts of two contents', async () => {
  const s3 = await startS3();
  const { path } = await source();
  const store = await storeOn(s3);
  s3.script((action, n) => (action === 'UploadPart' && n > 3 ? { kind: 'denied' } : undefined));
  await expect(store.put(KEY, { file: path })).rejects.toMatchObject({ kind: 'permission' });
  const second = randomBytes(SIZE);
  await writeFile(path, second);
  s3.script(() => undefined);
  await store.put(KEY, { file: path });
  expect((await stored(s3)).equals(second)).toBe(true);
});

it('refuses a file that changes while it is uploaded', async () => {
  const s3 = await startS3();
  const { path } = await source();
  s3.script((action) => {
    if (action === 'CreateMultipartUpload') appendFileSync(path, 'more');
    return undefined;
  });
  await expect((await storeOn(s3)).put(KEY, { file: path })).rejects.toMatchObject({ kind: 'bad-source' });
  expect(s3.bucket.objects.size).toBe(0);
});

it.each([
  ['its answer is lost', { kind: 'drop-after' }],
  ['S3 answers 200 and then an error', { kind: 'late-error' }],
])('completes once though %s', async (_what, fault) => {
  const s3 = await startS3();
  const { path, content } = await source(20 * MB);
  s3.script((action, n) => (action === 'CompleteMultipartUpload' && n === 1 ? fault : undefined));
  await (await storeOn(s3)).put(KEY, { file: path });
  expect((await stored(s3)).equals(content)).toBe(true);
  expect(partsSent(s3)).toEqual([1, 2, 3]);
});

it('stops at once when told to, and goes on later', async () => {
  const s3 = await startS3();
  const { path, content } = await source();
  const store = await storeOn(s3);
  s3.script((action, n) => (action === 'UploadPart' && n > 2 ? { kind: 'hang' } : undefined));
  const stop = new AbortController();
  const put = store.put(KEY, { file: path }, { signal: stop.signal });
  const ended = expect(put).rejects.toMatchObject({ name: 'AbortError' });
  await until(() => s3.called('UploadPart', true).length === 2);
  stop.abort();
  await ended;
  s3.script(() => undefined);
  await store.put(KEY, { file: path });
  expect(partsSent(s3)).toEqual([1, 2, 3, 4, 5]);
  expect((await stored(s3)).equals(content)).toBe(true);
});

it('S19: a part that is damaged on its way is refused, and the attempt with it', async () => {
  const s3 = await startS3();
  const { path } = await source(20 * MB);
  s3.script((action) => (action === 'UploadPart' ? { kind: 'code', code: 'BadDigest' } : undefined));
  await expect((await storeOn(s3)).put(KEY, { file: path })).rejects.toMatchObject({ kind: 'network' });
  expect(s3.bucket.objects.size).toBe(0);
});

it('takes a moved file away only when it is in the store', async () => {
  const s3 = await startS3();
  const { path } = await source(20 * MB);
  const store = await storeOn(s3);
  s3.script((action) => (action === 'CompleteMultipartUpload' ? { kind: 'denied' } : undefined));
  await expect(store.put(KEY, { file: path, move: true })).rejects.toMatchObject({ kind: 'permission' });
  expect((await stat(path)).size).toBe(20 * MB);
  s3.script(() => undefined);
  await store.put(KEY, { file: path, move: true });
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
});
