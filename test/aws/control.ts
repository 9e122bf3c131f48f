/** What is asked of the double itself, under `/_double/`: for tests and demos that run in another process. JSON in, JSON out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsDouble } from './double.js';
import { faultKinds, type FaultKind } from './service.js';
import type { ScriptedOutcome } from './ssm/command.js';
import type { FaultScript } from './faults.js';

type Route = (double: AwsDouble, body: Readonly<Record<string, unknown>>) => unknown;

const routes: Readonly<Record<string, Route>> = {
  'GET journal': ({ journal }) => journal.events,
  'GET bill': (double) => double.bill(),
  'GET machines': (double) =>
    double.instances().map(({ id, state, type, market, image, subnet, tags, reason, launchedAt }) => ({
      id,
      state,
      type,
      market,
      system: image.system,
      zone: subnet.zone,
      tags,
      reason,
      launchedAt,
    })),
  /** What a program on a machine asks its system for. */
  'POST machine': async ({ machines }, { id, program, argv }) => {
    const machine = machines.find(String(id));
    if (machine === undefined) throw new Error(`no machine ${String(id)}`);
    await machine.ask(String(program), argv as string[]);
    return { code: 0 };
  },
  'POST reclaim': ({ machines }, { id, seconds }) => {
    machines.reclaim(String(id), seconds === undefined ? undefined : Number(seconds));
    return {};
  },
  'POST agent': ({ machines }, { id, state }) => {
    if (state !== 'online' && state !== 'lost') throw new Error(`no state of an agent: ${String(state)}`);
    machines.setAgent(String(id), state);
    return {};
  },
  'POST command-outcomes': ({ commandOutcomes }, { status, details }) => {
    commandOutcomes.push({ status, details } as ScriptedOutcome);
    return {};
  },
  'POST orphans': (double, { claimed = [] }) => double.orphans(claimed as string[]),
  'GET time': ({ world }) => ({ now: world.now(), timeScale: world.timeScale, pid: process.pid }),
  'POST advance': async (double, { milliseconds }) => {
    await double.advance(Number(milliseconds));
    return { now: double.world.now() };
  },
  'POST faults': (double, body) => {
    if (!faultKinds.includes(body['kind'] as FaultKind)) throw new Error(`no kind of fault: ${String(body['kind'])}`);
    double.script(body as unknown as FaultScript);
    return {};
  },
  'DELETE faults': (double) => {
    double.clearScripts();
    return {};
  },
  'POST capacity': (double, body) => {
    double.capacity(body);
    return {};
  },
  'DELETE capacity': ({ account }) => {
    account.capacity = [];
    return {};
  },
  'POST twists': (double, body) => {
    double.twist(body);
    return {};
  },
  'DELETE twists': ({ account }) => {
    account.twists = [];
    return {};
  },
  'POST quotas': ({ account }, body) => Object.assign(account.quotas, body),
  'POST sign-in': (double, { state }) => {
    if (state !== 'valid' && state !== 'expired') throw new Error(`no state of a sign-in: ${String(state)}`);
    double.signIn(state);
    return {};
  },
  /** Roles, profiles and groups that a test needs without CloudFormation. */
  'POST resources': ({ world }, { name, type, properties }) => {
    world.resources.set(String(name), { type: String(type), properties });
    return {};
  },
  'POST documents': ({ world }, { name, content }) => {
    world.documents.set(String(name), { content: String(content) });
    return {};
  },
  'POST unstick': ({ account }) => {
    account.instances.unstick();
    return {};
  },
};

export function control(double: AwsDouble) {
  return async (url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const route = routes[`${String(request.method)} ${url.pathname.slice('/_double/'.length)}`];
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    try {
      if (route === undefined) throw new Error(`no such thing: ${String(request.method)} ${url.pathname}`);
      const text = Buffer.concat(chunks).toString('utf8');
      answer(200, await route(double, text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)));
    } catch (error) {
      answer(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}
