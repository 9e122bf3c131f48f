/** The metadata service of one machine, version 2 only: a token by PUT first, then facts, the role's credentials, and the notice before a reclaim. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Instance } from '../ec2/instance.js';
import type { World } from '../service.js';

export interface Imds {
  readonly url: string;
  readonly close: () => void;
}

export interface ImdsFacts {
  readonly instance: Instance;
  readonly role: string | undefined;
  readonly accessKey: string;
  /** When it will be taken back, as ISO 8601 in UTC. */
  readonly notice: () => string | undefined;
}

const LIFETIME_MS = 6 * 3_600_000;
const META = '/latest/meta-data/';

export async function startImds(world: World, facts: ImdsFacts): Promise<Imds> {
  const tokens = new Map<string, number>();
  const { MetadataOptions: options } = facts.instance.input;

  function answer({ method, url = '/', headers }: IncomingMessage, response: ServerResponse): void {
    const send = (status: number, text = '') => response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
    if (options?.HttpEndpoint === 'disabled') return void send(403);
    if (method === 'PUT' && url === '/latest/api/token') {
      const seconds = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
      if (!Number.isInteger(seconds) || seconds < 1 || seconds > 21_600) return void send(400);
      const token = randomBytes(24).toString('base64');
      tokens.set(token, world.now() + seconds * 1000);
      return void response.writeHead(200, { 'x-aws-ec2-metadata-token-ttl-seconds': String(seconds) }).end(token);
    }
    const token = headers['x-aws-ec2-metadata-token'];
    const valid = typeof token === 'string' && (tokens.get(token) ?? 0) > world.now();
    if (token !== undefined ? !valid : facts.instance.httpTokens === 'required') return void send(401);
    if (method !== 'GET') return void send(405);
    const text = lookUp(world, facts, decodeURIComponent(new URL(url, 'http://imds').pathname));
    if (text === undefined) send(404);
    else send(200, text);
  }

  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function lookUp(world: World, facts: ImdsFacts, path: string): string | undefined {
  const { instance, role, notice } = facts;
  if (path === '/latest/user-data') return instance.userData?.toString('utf8');
  if (path === '/latest/dynamic/instance-identity/document') return identity(world, instance);
  if (!path.startsWith(META)) return undefined;
  const name = path.slice(META.length);
  const plain: Readonly<Record<string, string | undefined>> = {
    'instance-id': instance.id,
    'instance-type': instance.type,
    'instance-life-cycle': instance.market,
    'ami-id': instance.image.id,
    'local-ipv4': instance.address,
    'local-hostname': `ip-${instance.address.replaceAll('.', '-')}.ec2.internal`,
    'placement/region': instance.region,
    'placement/availability-zone': instance.subnet.zone,
    'iam/security-credentials': role,
    'iam/security-credentials/': role,
  };
  if (name in plain) return plain[name];
  if (role !== undefined && name === `iam/security-credentials/${role}`) return credentials(world, facts);
  if (name === 'spot/instance-action') {
    const time = notice();
    return time === undefined ? undefined : JSON.stringify({ action: 'terminate', time });
  }
  if (name === 'spot/termination-time') return notice();
  if (name.startsWith('tags/instance')) return tag(instance, name.slice('tags/instance'.length).replace(/^\//, ''));
  return undefined;
}

function tag({ tags, input }: Instance, key: string): string | undefined {
  if (input.MetadataOptions?.InstanceMetadataTags !== 'enabled') return undefined;
  return key === '' ? tags.map(({ Key }) => Key).join('\n') : tags.find(({ Key }) => Key === key)?.Value;
}

function credentials(world: World, { accessKey }: ImdsFacts): string {
  // Programs on the machine hold the end against their own clock, which is ours.
  const until = Math.max(world.now(), Date.now()) + LIFETIME_MS;
  return JSON.stringify({
    Code: 'Success',
    LastUpdated: new Date(world.now()).toISOString(),
    Type: 'AWS-HMAC',
    AccessKeyId: accessKey,
    SecretAccessKey: 'double',
    Token: `session-of-${accessKey}`,
    Expiration: new Date(until).toISOString().replace(/\.\d+Z$/, 'Z'),
  });
}

const identity = (world: World, { id, region, type, image, subnet }: Instance): string =>
  JSON.stringify({
    accountId: world.account,
    instanceId: id,
    region,
    instanceType: type,
    imageId: image.id,
    availabilityZone: subnet.zone,
    architecture: 'x86_64',
  });
