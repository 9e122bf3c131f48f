/** The sender's program: `notify.js <folder> <id>`. Sends the ordered notice unless it is sent, and ends. */
import { Failure } from '../domain/failures.js';
import { takeLock } from '../process/lock.js';
import { lockOf, readOrder, readSent, writeSent } from './records.js';
import { sendNotice } from './send.js';

async function main(folder: string | undefined, id: string | undefined): Promise<void> {
  if (folder === undefined || id === undefined) throw new Failure('usage', 'notify.js needs a folder and an id');
  const ref = { folder, id };
  const lock = await takeLock(lockOf(ref));
  if (!lock || (await readSent(ref))) return;
  const order = await readOrder(ref);
  if (order) await writeSent(ref, await sendNotice(order, order.urls, order));
}

await main(process.argv[2], process.argv[3]);
