/** A connection that says nothing any more, as after a sleep: no call waits for it for ever. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { EC2Client } from '@aws-sdk/client-ec2';
import * as sdk from '@aws-sdk/client-ec2';
import { expect, it, onTestFinished, vi } from 'vitest';
import { findInstances } from '../../../src/fleet/aws/instances.js';
import { sendRequest } from '../../../src/fleet/aws/send.js';
import { failureOf } from './failure-of.js';
import { INSTALL, SEASON } from './fleet.js';

it('ends a call, and a page, by its own limit; a launch is not known to have failed (E2)', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new EC2Client({ endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  const limit = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException('too long', 'TimeoutError')), 50);
    return controller.signal;
  });
  onTestFinished(() => limit.mockRestore());
  const failure = await failureOf(findInstances({ client, sdk }, { install: INSTALL, season: SEASON }));
  expect(failure.kind).toBe('network');
  expect(await sendRequest({ client, sdk }, { MinCount: 1, MaxCount: 1 })).toMatchObject({
    answer: 'unknown',
    failure: { kind: 'network' },
  });
  expect(limit.mock.calls).toEqual([[60_000], [60_000]]);
});
