/** The server's ports: those of the last time, else TAAF's own, else the next that are free. */
import { readFile } from 'node:fs/promises';
import getPort, { clearLockedPorts, portNumbers } from 'get-port';
import { z } from 'zod';
import { ignoreMissing, writeDurably } from '../disk/durable.js';
import { LOOPBACK } from './server-argv.js';
import type { ServerPorts } from './server-argv.js';

const schema = z.object({ grpc: z.int(), ui: z.int() });
const GRPC = 7833;
const UI = 8833;

/** @param file where the choice is kept from one start to the next */
export async function choosePorts(file: string): Promise<ServerPorts> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  const last = text === undefined ? undefined : schema.parse(JSON.parse(text));
  // get-port keeps its own answers back for half a minute: after a failed start they are wanted again.
  clearLockedPorts();
  const ports = { grpc: await free(GRPC, last?.grpc), ui: await free(UI, last?.ui) };
  await writeDurably(file, JSON.stringify(ports));
  return ports;
}

const free = (first: number, last: number | undefined): Promise<number> =>
  getPort({ host: LOOPBACK, port: [...(last === undefined ? [] : [last]), ...portNumbers(first, first + 99)] });
