/** Checks of the computer itself: Node, cores, memory, disk. */
import { access, constants, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { codeOf } from '../../disk/durable.js';
import type { Finding } from '../views/doctor.js';
import { bytes } from '../views/figures.js';
import type { Check } from './check.js';

const OLDEST_NODE: readonly [major: number, minor: number] = [20, 19];

export const checkNode: Check = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const wanted = `${OLDEST_NODE.join('.')} or newer`;
  const finding: Finding = ok
    ? { name: 'Node', state: 'ok', found: `${process.version} on ${process.platform} ${process.arch}` }
    : { name: 'Node', state: 'bad', found: `${process.version}, wanted ${wanted}`, fix: `Install Node ${wanted}` };
  return Promise.resolve([finding]);
};

export const checkCores: Check = () =>
  Promise.resolve([
    { name: 'cores', state: 'ok', found: `${availableParallelism()} cores, ${bytes(totalmem())} memory` },
  ]);

/** An episode's restored picture and its result take this much at their peak. */
const COMFORTABLE_BYTES = 40e9;
const LEAST_BYTES = 5e9;

export const checkDisk: Check = async ({ settings, paths }) => {
  const places = new Map([
    [await existing(settings.config.work), 'seasons in the making'],
    [await existing(paths.data), 'tools and records'],
  ]);
  return Promise.all([...places].map(([folder, use]) => diskFinding(folder, use)));
};

async function diskFinding(folder: string, use: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${bytes(free)} free in ${folder} (${use})`;
  if (!(await isWritable(folder)))
    return {
      name: 'disk',
      state: 'bad',
      found: `${folder} is not writable (${use})`,
      fix: `Make it writable: chmod u+rwx ${folder}`,
    };
  if (free >= COMFORTABLE_BYTES) return { name: 'disk', state: 'ok', found };
  const fix = `Free some space, or set work: in config.yaml to another disk (an episode takes up to ${bytes(COMFORTABLE_BYTES)})`;
  return { name: 'disk', state: free < LEAST_BYTES ? 'bad' : 'note', found, fix };
}

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

/** The folder, or the nearest one above it that is there. */
async function existing(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    return existing(dirname(folder));
  }
}
