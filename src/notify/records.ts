/** The files of one notice: the order before it is sent, the outcome after. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createDurably, ignoreMissing, writeDurably } from '../disk/durable.js';
import type { Notice, Outcome } from './apprise.js';

/** Where a notice lies: a folder, and an id that is a file's name. */
export interface NoticeRef {
  readonly folder: string;
  readonly id: string;
}

export interface Order extends Notice {
  readonly urls: readonly string[];
  /** Absolute path of Apprise's program. */
  readonly apprise: string;
}

const orderOf = ({ folder, id }: NoticeRef): string => join(folder, `${id}.intent.json`);
const sentOf = ({ folder, id }: NoticeRef): string => join(folder, `${id}.sent.json`);
/** Held by the one who sends. */
export const lockOf = ({ folder, id }: NoticeRef): string => join(folder, `${id}.lock`);
/** Last words of a sender that could not even begin. */
export const errorsOf = ({ folder, id }: NoticeRef): string => join(folder, `${id}.err`);

/** The first order counts: a later one with the same id is the same notice. */
export const writeOrder = (ref: NoticeRef, order: Order): Promise<unknown> =>
  createDurably(orderOf(ref), JSON.stringify(order));

export const readOrder = (ref: NoticeRef): Promise<Order | undefined> => read<Order>(orderOf(ref));
export const readSent = (ref: NoticeRef): Promise<readonly Outcome[] | undefined> => read<Outcome[]>(sentOf(ref));

/** The order goes when it is done: it holds the addresses. */
export async function writeSent(ref: NoticeRef, outcomes: readonly Outcome[]): Promise<void> {
  await writeDurably(sentOf(ref), `${JSON.stringify(outcomes, null, 2)}\n`);
  await rm(orderOf(ref), { force: true });
}

async function read<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}
