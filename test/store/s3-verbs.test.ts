import { describe, expect, it } from 'vitest';
import { addBucket } from '../aws/s3/state.js';
import { startS3 } from '../aws/s3/start.js';
import { storeOn } from './s3-store.js';

describe('create', () => {
  it('is told "created" although the answer was lost', async () => {
    const s3 = await startS3();
    const store = await storeOn(s3);
    s3.script((action, n) => (action === 'PutObject' && n === 1 ? { kind: 'drop-after' } : undefined));
    expect(await store.create('claims/a', Buffer.from('mine'))).toBe('created');
    expect(await store.create('claims/a', Buffer.from('mine'))).toBe('exists');
  });

  it('has one winner among callers with the same bytes', async () => {
    const s3 = await startS3();
    const store = await storeOn(s3);
    // Every other answer is lost: whoever asks again finds an object with his own bytes.
    s3.script((action, n) => (action === 'PutObject' && n % 2 === 1 ? { kind: 'drop-after' } : undefined));
    const answers = await Promise.all(Array.from({ length: 8 }, () => store.create('claims/a', Buffer.from('same'))));
    expect(answers.filter((answer) => answer === 'created')).toHaveLength(1);
  });

  it('asks again where S3 tells of a conflict', async () => {
    const s3 = await startS3();
    s3.script((action, n) =>
      action === 'PutObject' && n <= 3 ? { kind: 'code', code: 'ConditionalRequestConflict', status: 409 } : undefined,
    );
    expect(await (await storeOn(s3)).create('claims/a', Buffer.from('x'))).toBe('created');
  });
});

describe('S17: names that nobody of us has given', () => {
  const strange = [
    'out/../../.ssh/authorized',
    '../up',
    'out/a b',
    'out/\u0001',
    'out/.hidden',
    'out//b',
    'out/%2e%2e/x',
  ];

  it('are in no listing, and go with the rest', async () => {
    const s3 = await startS3({ pageSize: 2 });
    const store = await storeOn(s3);
    await store.put('out/good.json', { bytes: Buffer.from('x') });
    const good = s3.bucket.objects.get('out/good.json');
    for (const key of strange) if (good) s3.bucket.objects.set(key, good);
    expect((await store.list('out/')).map(({ key }) => key)).toEqual(['out/good.json']);
    await store.remove('out/');
    expect([...s3.bucket.objects.keys()]).toEqual(['../up']);
  });
});

it('removes more objects than one request can', async () => {
  const s3 = await startS3();
  const store = await storeOn(s3);
  await store.put('log/a', { bytes: Buffer.from('x') });
  const one = s3.bucket.objects.get('log/a');
  for (let n = 0; n < 2500; n += 1) if (one) s3.bucket.objects.set(`log/${n}`, one);
  await store.remove('log/');
  expect(s3.bucket.objects.size).toBe(0);
  expect(s3.called('DeleteObjects')).toHaveLength(3);
});

it('knows an empty object', async () => {
  const store = await storeOn(await startS3());
  await store.put('empty', { bytes: Buffer.alloc(0) });
  expect(await store.stat('empty')).toEqual({ key: 'empty', bytes: 0 });
  expect((await (await store.get('empty'))?.read())?.length).toBe(0);
});

describe('a store that', () => {
  it.each([
    ['is gone', { kind: 'code', code: 'NoSuchBucket', status: 404 }, 'store-gone'],
    ['refuses', { kind: 'denied' }, 'permission'],
    ['wants a new sign-in', { kind: 'expired' }, 'auth-expired'],
    ['wants fewer requests', { kind: 'throttled' }, 'throttled'],
    ['is broken', { kind: 'error' }, 'network'],
    ['hangs up', { kind: 'drop-before' }, 'network'],
  ])('%s is a failure of its kind, whatever was asked', async (_what, fault, kind) => {
    const s3 = await startS3();
    const store = await storeOn(s3);
    s3.script(() => fault);
    const bytes = Buffer.from('x');
    const all = [store.get('a'), store.stat('a'), store.list('a/'), store.remove('a'), store.put('a', { bytes })];
    for (const one of await Promise.allSettled([...all, store.create('a', bytes)]))
      expect(one).toMatchObject({ status: 'rejected', reason: { kind } });
  });

  it('lies in another region says so', async () => {
    const s3 = await startS3();
    addBucket(s3.state, { name: 'elsewhere', region: 'us-west-2', owner: '123456789012' });
    await expect((await storeOn(s3, 'elsewhere')).list('a/')).rejects.toMatchObject({ kind: 'usage' });
  });
});
