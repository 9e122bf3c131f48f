/** AWS for the real binary: the whole double as a program, and a home that is set up in it with the real Ansible and AWS's real plugin. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { tagKeys } from '../../src/aws/names.js';
import type { Bill } from '../aws/bill.js';
import type { InstanceState } from '../aws/ec2/instance.js';
import { ansible, sessionPlugin } from '../helpers/ansible.js';
import { bundle } from '../helpers/bundle.js';
import { openHome, type Home } from './home.js';

/** Where the tests' own Ansible and kit are kept between runs. */
const cache = join(import.meta.dirname, '..', '..', '.cache', 'taaf', 'data');
/** No faster: a machine that is not ready after 45 minutes of AWS's time ends itself, and a slow computer is no failure. */
const SCALE = 10;
/** Milliseconds of AWS's time: long enough that something can happen meanwhile. */
const delays = { visible: 1_000, running: 5_000, boot: 10_000 };

/** Undefined where this computer has neither the plugin nor Go: the tests are skipped then. */
export const plugin = await sessionPlugin();

export interface CloudMachine {
  readonly id: string;
  readonly state: InstanceState;
  /** Why it ended. */
  readonly reason?: { readonly Code: string };
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface Cloud {
  readonly home: Home;
  /** Asks the double itself, as test/aws/control.ts says. */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  /** Whatever was ever launched for a season, in order. */
  machines(season: string): Promise<CloudMachine[]>;
  bill(): Promise<Bill>;
  buckets(): Promise<string[]>;
  /** Keys of all objects in the buckets of seasons. */
  keys(): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts everything and runs `taaf aws init`. */
export async function openCloud(): Promise<Cloud> {
  const bin = await mkdtemp(join(tmpdir(), 'taaf-bin-'));
  await symlink(plugin ?? '', join(bin, 'session-manager-plugin'));
  await ansible();
  await mkdir(join(cache, 'kits'), { recursive: true });

  const program = await bundle('test/aws/main.ts', 'aws-double-e2e');
  const options = JSON.stringify({ timeScale: SCALE, delays });
  const double = spawn(process.execPath, [program, options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((done) => createInterface(double.stdout).once('line', done));
  const { url, environment } = JSON.parse(line) as { url: string; environment: Record<string, string> };

  const home = await openHome(SCALE, {
    ...environment,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
  });
  // Half a gigabyte that every home makes alike.
  await mkdir(join(home.folder, 'data'));
  for (const name of ['ansible', 'kits']) await symlink(join(cache, name), join(home.folder, 'data', name));

  const ask: Cloud['ask'] = async (method, path, body) => {
    const more = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}/_double/${path}`, { method, ...more });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  };
  const s3 = new S3Client({
    endpoint: url,
    region: environment['AWS_REGION'] ?? '',
    forcePathStyle: true,
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  const buckets = async (): Promise<string[]> =>
    ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name = '' }) => Name);
  const close = async (): Promise<void> => {
    await home.close();
    double.kill('SIGTERM');
    if (double.exitCode === null) await new Promise((done) => double.once('exit', done));
    await rm(bin, { recursive: true, force: true });
  };

  const init = await home.taaf('aws', 'init', '--yes');
  if (init.code !== 0) {
    await close();
    throw new Error(`aws init ended with ${init.code}: ${init.stdout}${init.stderr}`);
  }
  const [installBucket] = await buckets();

  return {
    home,
    ask,
    async machines(season) {
      const all = (await ask('GET', 'machines')) as CloudMachine[];
      return all.filter(({ tags }) => tags.some(({ Key, Value }) => Key === tagKeys.season && Value === season));
    },
    bill: async () => (await ask('GET', 'bill')) as Bill,
    buckets,
    async keys() {
      const seasons = (await buckets()).filter((name) => name !== installBucket);
      const pages = await Promise.all(seasons.map((Bucket) => s3.send(new ListObjectsV2Command({ Bucket }))));
      return pages.flatMap(({ Contents = [] }) => Contents.map(({ Key = '' }) => Key));
    },
    close,
  };
}
