/** The double as a program: `main '{"timeScale":60}'`. Prints one line of JSON with its address; ends with its parent, or when it is told to. */
import { z } from 'zod';
import { killAbandoned } from './machine/processes.js';
import type { DoubleOptions } from './double.js';
import { startWholeDouble } from './whole.js';

const count = z.number().int().nonnegative();
const options = z.strictObject({
  timeScale: z.number().positive().optional(),
  folder: z.string().optional(),
  port: count.optional(),
  region: z.string().optional(),
  account: z.string().optional(),
  delays: z.record(z.string(), z.number()).optional(),
  quotas: z.strictObject({ spot: count.optional(), 'on-demand': count.optional() }).optional(),
  houseRules: z.boolean().optional(),
  machines: z.enum(['real', 'virtual']).optional(),
  cancelKills: z.enum(['shell', 'group']).optional(),
});

await killAbandoned();
const double = await startWholeDouble(options.parse(JSON.parse(process.argv[2] ?? '{}')) as DoubleOptions);
console.log(JSON.stringify({ url: double.url, environment: double.environment, folder: double.world.folder }));

const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid !== parent) end();
}, 500);

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  clearInterval(watch);
  void double.stop();
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
