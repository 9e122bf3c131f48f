/** The double as a program of its own: another process drives it, and it ends with whoever started it, machines included. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, expect, test } from 'vitest';
import { bundle } from '../helpers/bundle.js';
import { until } from '../helpers/until.js';
import type { AwsDouble } from './double.js';
import { codeOf, ec2Of, GROUP, order, PROFILE } from './launching.js';
import { marked } from './machine/processes.js';

const started: ChildProcess[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

async function begin(argv: readonly [string, ...string[]]) {
  const [program, ...args] = argv;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const line = await new Promise<string>((done) => createInterface(child.stdout).once('line', done));
  const told = JSON.parse(line) as { url: string; environment: Record<string, string> };
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const more = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${told.url}/_double/${path}`, { method, ...more });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  };
  await ask('POST', 'resources', { name: PROFILE, type: 'AWS::IAM::InstanceProfile', properties: {} });
  await ask('POST', 'resources', { name: GROUP, type: 'AWS::EC2::SecurityGroup', properties: {} });
  const handle = {
    url: told.url,
    environment: told.environment,
    world: { region: 'us-east-1' },
  } as unknown as AwsDouble;
  return { child, told, ask, ec2: ec2Of(handle) };
}

const options = JSON.stringify({ timeScale: 20, delays: { visible: 0, running: 1_000, boot: 1_000 } });
const UserData = Buffer.from('#!/bin/sh\nsetsid sleep 100000 &\nexec sleep 100000\n').toString('base64');

test('another process scripts faults, moves the time, and reads bill, journal and orphans', async () => {
  const { ask, ec2, child } = await begin([process.execPath, await bundle('test/aws/main.ts', 'aws-double'), options]);
  await ask('POST', 'faults', { service: 'ec2', action: 'RunInstances', kind: 'throttled', times: 1 });
  await expect(ask('POST', 'faults', { kind: 'rain' })).rejects.toThrow('no kind of fault: rain');
  expect(await codeOf(ec2.send(new RunInstancesCommand(order('t1'))))).toBe('RequestLimitExceeded');
  const { Instances } = await ec2.send(new RunInstancesCommand(order('t1', { UserData })));
  const id = Instances?.[0]?.InstanceId ?? '';
  const mark = `${String(child.pid)}-${id}`;
  await until(async () => (await marked(mark)).length === 2);
  await ask('POST', 'advance', { milliseconds: 3_600_000 });
  expect(await ask('GET', 'bill')).toMatchObject({ lines: [{ instance: id, usdPerHour: 0.9776 }] });
  expect(await ask('POST', 'orphans', { claimed: [] })).toEqual([id]);
  expect(await ask('GET', 'journal')).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'launched' })]));
  child.kill('SIGTERM');
  await until(async () => child.exitCode !== null && (await marked(mark)).length === 0);
  expect(child.exitCode).toBe(0);
});

test('when its parent is killed it ends, and its machines with it', async () => {
  const program = await bundle('test/aws/main.ts', 'aws-double-child');
  // A shell that waits, with the double as its child.
  const { child, ec2, ask } = await begin(['sh', '-c', `"${process.execPath}" "${program}" '${options}' & wait`]);
  const { Instances } = await ec2.send(new RunInstancesCommand(order('t1', { UserData })));
  const id = Instances?.[0]?.InstanceId ?? '';
  const { pid } = (await ask('GET', 'time')) as { readonly pid: number };
  const mark = `${pid}-${id}`;
  await until(async () => (await marked(mark)).length === 2);
  child.kill('SIGKILL');
  await until(async () => (await marked(mark)).length === 0);
  await until(() =>
    ask('GET', 'time').then(
      () => false,
      () => true,
    ),
  );
});
