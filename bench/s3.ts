/** S3: a file of 1 GiB up and down on a MinIO of this computer, by TAAF's store and by the tools that people use. */
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { awsClients } from '../src/aws/clients.js';
import { pause } from '../src/process/pause.js';
import { run } from '../src/process/run.js';
import { median, megabytes, ratio, ROUNDS, seconds, secondsOf, type Bench, type Row } from './bench.js';
import { serve } from './processes.js';

const BYTES = 2 ** 30;
const BLOCK = 2 ** 24;
const BUCKET = 'taaf-bench';
const KEY = 'sources/e01/bench';
const REGION = 'us-east-1';
const keys = { AWS_ACCESS_KEY_ID: 'taaf-bench', AWS_SECRET_ACCESS_KEY: 'taaf-bench-secret', AWS_REGION: REGION };

interface Tool {
  readonly name: string;
  readonly version: readonly string[];
  readonly up: (file: string) => readonly string[];
  readonly down: (file: string) => readonly string[];
}

function toolsFor(endpoint: string): Tool[] {
  const address = `s3://${BUCKET}/${KEY}`;
  const place = JSON.stringify({ kind: 's3', bucket: BUCKET, region: REGION, endpoint, pathStyle: true });
  const program = [process.execPath, fileURLToPath(new URL('transfer.mjs', import.meta.url))];
  const s5cmd = ['s5cmd', '--endpoint-url', endpoint, 'cp'];
  const rclone = [
    'rclone',
    '--config',
    '/dev/null',
    '--s3-provider',
    'Minio',
    '--s3-env-auth',
    '--s3-endpoint',
    endpoint,
  ];
  const aws = ['aws', '--endpoint-url', endpoint, 's3', 'cp', '--only-show-errors'];
  const remote = `:s3:${BUCKET}/${KEY}`;
  return [
    {
      name: 'taaf',
      version: [process.execPath, '--version'],
      up: (file) => [...program, 'put', place, KEY, file],
      down: (file) => [...program, 'save', place, KEY, file],
    },
    {
      name: 's5cmd',
      version: ['s5cmd', 'version'],
      up: (file) => [...s5cmd, file, address],
      down: (file) => [...s5cmd, address, file],
    },
    {
      name: 'rclone',
      version: ['rclone', 'version'],
      up: (file) => [...rclone, 'copyto', file, remote],
      down: (file) => [...rclone, 'copyto', remote, file],
    },
    {
      name: 'aws s3 cp',
      version: ['aws', '--version'],
      up: (file) => [...aws, file, address],
      down: (file) => [...aws, address, file],
    },
  ];
}

export async function rows(bench: Bench): Promise<readonly Row[]> {
  const { folder, signal, say } = bench;
  if (!(await isThere(['minio', '--version'], signal))) return [{ what: 'S3', figure: 'n. m.: no minio on PATH' }];
  const port = await getPort({ host: '127.0.0.1' });
  const endpoint = `http://127.0.0.1:${port}`;
  const argv = ['minio', 'server', '--address', `127.0.0.1:${port}`, join(folder, 'minio')];
  const server = serve(argv, {
    MINIO_ROOT_USER: keys.AWS_ACCESS_KEY_ID,
    MINIO_ROOT_PASSWORD: keys.AWS_SECRET_ACCESS_KEY,
  });
  try {
    await ready(`${endpoint}/minio/health/ready`, signal);
    Object.assign(process.env, keys);
    const client = await awsClients({ region: REGION }).s3({ endpoint, pathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const file = join(folder, 'gibibyte');
    await writeRandom(file);
    const tools: Tool[] = [];
    for (const tool of toolsFor(endpoint)) if (await isThere(tool.version, signal)) tools.push(tool);
    const up = await measure(tools, (tool) => tool.up(file), 'up', bench);
    const copy = join(folder, 'copy');
    const down = await measure(
      tools,
      (tool) => tool.down(copy),
      'down',
      bench,
      () => rm(copy, { force: true }),
    );
    say('done');
    return [...rowsOf('up', up), ...rowsOf('down', down)];
  } finally {
    await server.stop();
  }
}

interface Measured {
  readonly seconds: ReadonlyMap<string, readonly number[]>;
  readonly peak: number;
}

/** In turns, so that a busy minute of the computer meets all. */
async function measure(
  tools: readonly Tool[],
  argvOf: (tool: Tool) => readonly string[],
  what: string,
  { say, signal }: Bench,
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<Measured> {
  const times = new Map<string, number[]>(tools.map(({ name }) => [name, []]));
  let peak = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const tool of tools) {
      say(`1 GiB ${what} by ${tool.name}, round ${round}`);
      await before();
      // TAAF flushes what it saves: it must not wait for what others have left in the cache.
      await run(['sync'], { signal });
      const took = await secondsOf(async () => {
        const { stdout } = await run(argvOf(tool), { env: keys, signal });
        if (tool.name === 'taaf') peak = Math.max(peak, Number(stdout));
      });
      times.get(tool.name)?.push(took);
    }
  }
  return { seconds: times, peak };
}

function rowsOf(what: string, { seconds: times, peak }: Measured): Row[] {
  const own = times.get('taaf') ?? [];
  const others = [...times].filter(([name]) => name !== 'taaf');
  const fastest = own.map((took, round) => took / Math.min(...others.map(([, all]) => all[round] ?? Infinity)));
  return [
    ...[...times].map(([name, all]) => ({ what: `1 GiB ${what}: ${name}`, figure: seconds(median(all)) })),
    ...(others.length === 0
      ? []
      : [{ what: `1 GiB ${what}: taaf / the fastest`, figure: ratio(fastest), goal: '≤ 1.10' }]),
    { what: `1 GiB ${what}: peak memory of taaf`, figure: megabytes(peak), goal: '≤ 250 MB' },
  ];
}

async function ready(address: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(address, { signal }).catch(() => undefined);
    if (answer?.ok === true) return;
    await pause(100, signal);
  }
}

async function isThere(argv: readonly string[], signal: AbortSignal): Promise<boolean> {
  return run(argv, { signal }).then(
    () => true,
    () => false,
  );
}

async function writeRandom(path: string): Promise<void> {
  const file = await open(path, 'w');
  for (let at = 0; at < BYTES; at += BLOCK) await file.write(randomBytes(BLOCK));
  await file.close();
}
