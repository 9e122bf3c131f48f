/** AWS's time, whatever this computer's clock says; and a region that has no network. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { awsClock } from '../../../src/fleet/aws/clock.js';
import { awsClients } from '../../../src/aws/clients.js';
import { ec2Of } from '../../../src/fleet/aws/ec2.js';
import { findInstances } from '../../../src/fleet/aws/instances.js';
import { lookAtRegion } from '../../../src/fleet/aws/market.js';
import { failureOf } from './failure-of.js';
import { anOrder, INSTALL, placeOf, SEASON } from './fleet.js';
import { region } from './region.js';

const HOUR = 3_600_000;
/** The date of an answer is in whole seconds, and the double's run fast. */
const NEAR = 10 * 60_000;

describe("AWS's clock", () => {
  it('comes with its answers, also with its errors, and not from this computer (E19)', async () => {
    const { double } = await region({ timeScale: 1 });
    const ec2 = await ec2Of(awsClients(placeOf()));
    const clock = awsClock(ec2.client);
    expect(awsClock(ec2.client)).toBe(clock);
    const ask = () => findInstances(ec2, { install: INSTALL, season: SEASON });
    await double.advance(48 * HOUR);
    await ask();
    expect(Math.abs(clock() - double.world.now())).toBeLessThan(NEAR);
    await double.advance(HOUR);
    double.script({ service: 'ec2', action: 'DescribeInstances', kind: 'code', code: 'Blocked', status: 400 });
    await failureOf(ask());
    expect(Math.abs(clock() - double.world.now())).toBeLessThan(NEAR);
    const jumped = vi.spyOn(Date, 'now').mockReturnValue(0);
    onTestFinished(() => jumped.mockRestore());
    expect(Math.abs(clock() - double.world.now())).toBeLessThan(NEAR);
  });
});

describe('a region without a default network', () => {
  it('is refused with the command that makes one', async () => {
    // The double's regions have one; this answers as EC2 does where somebody has deleted it.
    const server = createServer((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end('<DescribeSubnetsResponse><requestId>1</requestId><subnetSet/></DescribeSubnetsResponse>'),
    );
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new EC2Client({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    onTestFinished(() => client.destroy());
    const clients = { ...awsClients(placeOf()), ec2: () => Promise.resolve(client) };
    const failure = await failureOf(lookAtRegion(clients, placeOf(), anOrder, 'spot', new Date()));
    expect(failure.kind).toBe('unsupported');
    expect(failure.next).toContain('aws ec2 create-default-vpc --region us-east-1');
  });
});
