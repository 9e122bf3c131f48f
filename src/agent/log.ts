/** The agent's log: JSON lines, put into the store in numbered chunks so that it can be read from anywhere, also after the machine is gone. */
import { keys, type MachineId } from '../domain/ids.js';
import type { ObjectStore } from '../store/port.js';

export interface AgentLog {
  readonly line: (text: string, facts?: object) => void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Goes on behind the chunks that an agent of this machine has left before it died.
 * @param everyMs milliseconds between two chunks
 */
export async function openLog(store: ObjectStore, machine: MachineId, everyMs: number): Promise<AgentLog> {
  let lines: string[] = [];
  let chunk = (await store.list(keys.logs(machine))).length;
  let flushing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    flushing = flushing.then(async () => {
      if (lines.length === 0) return;
      const text = lines.join('');
      const taken = lines.length;
      await store.put(keys.log(machine, chunk), { bytes: Buffer.from(text) });
      chunk += 1;
      lines = lines.slice(taken);
    });
    return flushing;
  };
  // A chunk that cannot be written stays in memory and goes with the next one; the last flush is awaited and throws.
  const timer = setInterval(() => void flush().catch(() => (flushing = Promise.resolve())), everyMs);
  timer.unref();

  return {
    line: (text, facts = {}) => {
      lines.push(`${JSON.stringify({ time: new Date().toISOString(), machine, msg: text, ...facts })}\n`);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
