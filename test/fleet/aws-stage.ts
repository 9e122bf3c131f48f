/** One Linux machine as a folder of this computer, behind those calls of AWS that configuring and starting it makes: the least that is strict about them. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { awsClients, type AwsClients } from '../../src/aws/clients.js';
import type { AwsPlace } from '../../src/domain/aws.js';
import type { Target } from '../../src/fleet/aws/ports.js';
import { agentDocument, type Action } from '../../src/fleet/aws/ssm/document.js';
import { s3Service } from '../aws/s3/service.js';
import { addBucket, s3State } from '../aws/s3/state.js';
import { sessionManager, type Sessions } from '../aws/session/sessions.js';

type Input = Readonly<Record<string, unknown>>;

/** An answer of AWS in place of what the stage would do: an error by its code, an answer, or the answer lost on its way. */
export type Scripted = { readonly code: string } | { readonly answer: object } | 'lost';

export interface Stage {
  readonly url: string;
  readonly target: Target;
  readonly clients: AwsClients;
  /** The machine's folder, as TAAF_ROOT; it is not there before it is configured. */
  readonly root: string;
  readonly sessions: Sessions;
  readonly calls: readonly { readonly action: string; readonly input: Input }[];
  called(action: string): Input[];
  /** Asked at each call of an action, which it may answer; counted from 1. */
  script: (action: string, n: number, input: Input) => Scripted | undefined;
  /** Puts an object into the install's bucket. */
  upload(key: string, bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
export const DOCUMENT = 'taaf-00000000-start';

/** @param folder an empty one */
export async function openStage(folder: string): Promise<Stage> {
  const root = join(folder, 'machine');
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret' });
  const environment = { ...process.env, TAAF_ROOT: root, HOME: home };
  const place: AwsPlace = {
    region: REGION,
    account: ACCOUNT,
    install: '0123456789abcdef',
    installBucket: 'taaf-install',
    bucket: 'taaf-season',
  };
  const target: Target = {
    place,
    ref: { season: 'show-00000000', machine: 'e01-00000000-l1', episode: 'e01-00000000' },
    instanceId: 'i-0123456789abcdef0',
    system: 'linux',
  };

  const calls: { action: string; input: Input }[] = [];
  const invocations = new Map<string, object>();
  const state = s3State(join(folder, 's3'));
  addBucket(state, { name: place.installBucket, region: REGION, owner: ACCOUNT });
  const s3 = s3Service({ account: ACCOUNT, folder, journal: () => undefined }, { state });

  const actions: Record<string, (input: Input) => object | Promise<object>> = {
    DescribeInstanceInformation: () => ({
      InstanceInformationList: [{ InstanceId: target.instanceId, PingStatus: 'Online' }],
    }),
    async SendCommand(input) {
      const { action, machine } = input['Parameters'] as Record<string, [string]>;
      const id = randomUUID();
      invocations.set(id, await runDocument(action?.[0] as Action, machine?.[0] ?? '', environment));
      return { Command: { CommandId: id } };
    },
    GetCommandInvocation({ CommandId, PluginName }) {
      const invocation = invocations.get(String(CommandId));
      if (invocation === undefined || PluginName !== 'linux') throw new Error('InvocationDoesNotExist');
      return invocation;
    },
    StartSession({ Target: id }) {
      const session = sessions.start(String(id));
      if (!session) throw new Error('TargetNotConnected');
      return session;
    },
    TerminateSession({ SessionId }) {
      sessions.terminate(String(SessionId));
      return { SessionId };
    },
  };

  async function answer(action: string, input: Input, response: ServerResponse): Promise<void> {
    calls.push({ action, input });
    const scripted = stage.script(action, calls.filter((call) => call.action === action).length, input);
    if (scripted !== undefined && scripted !== 'lost' && 'code' in scripted) {
      refuse(response, scripted.code);
      return;
    }
    try {
      const told = scripted === undefined || scripted === 'lost' ? await actions[action]?.(input) : scripted.answer;
      if (told === undefined) {
        refuse(response, 'UnknownOperationException');
        return;
      }
      if (scripted === 'lost') response.socket?.resetAndDestroy();
      else response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(told));
    } catch (error) {
      refuse(response, (error as Error).message);
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const credential =
      /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1] ??
      url.searchParams.get('X-Amz-Credential') ??
      '';
    const [accessKey = '', , region = REGION, service = 's3'] = credential.split('/');
    if (service === 's3') return s3({ service, region, accessKey, url, request, response });
    const body = await textOf(request);
    const rpc = request.headers['x-amz-target'];
    if (typeof rpc === 'string') return answer(rpc.replace(/^.*\./, ''), JSON.parse(body) as Input, response);
    // EC2 speaks another protocol, and only of this.
    const query = Object.fromEntries(new URLSearchParams(body));
    calls.push({ action: query['Action'] ?? '', input: query });
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end('<RebootInstancesResponse><return>true</return></RebootInstancesResponse>');
  }

  const server = createServer((request, response) => {
    request.on('error', () => undefined);
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.on('upgrade', (request, socket, head) => {
    if (!sessions.upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sessions = sessionManager({
    address: () => url.replace('http', 'ws'),
    shellOf: (id) => (id === target.instanceId ? { argv: ['sh'], cwd: home, env: environment } : undefined),
  });
  process.env['AWS_ENDPOINT_URL'] = url;

  const stage: Stage = {
    url,
    target,
    clients: awsClients({ region: REGION }),
    root,
    sessions,
    calls,
    called: (action) => calls.filter((call) => call.action === action).map(({ input }) => input),
    script: () => undefined,
    async upload(key, bytes) {
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      const put = new PutObjectCommand({ Bucket: place.installBucket, Key: key, Body: bytes });
      await (await stage.clients.s3()).send(put);
    },
    async close() {
      sessions.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return stage;
}

/** As SSM's agent runs it: the script in a file, the values in its environment. */
async function runDocument(action: Action, machine: string, env: Readonly<Record<string, string | undefined>>) {
  const lines = agentDocument().mainSteps.find(({ name }) => name === 'linux')?.inputs.runCommand ?? [];
  const file = join(env['HOME'] ?? '', '_script.sh');
  await writeFile(file, lines.join('\n'), { mode: 0o700 });
  const child = spawn('sh', ['-c', file], {
    env: { ...env, SSM_action: action, SSM_machine: machine },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, error, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number>((done) => child.once('exit', (exit) => done(exit ?? -1))),
  ]);
  const status = code === 0 ? 'Success' : 'Failed';
  return {
    Status: status,
    StatusDetails: status,
    ResponseCode: code,
    StandardOutputContent: out,
    StandardErrorContent: error,
  };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function refuse(response: ServerResponse, code: string): void {
  const body = JSON.stringify({ __type: code, message: 'as the script says' });
  response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
}
