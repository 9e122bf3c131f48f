/** `taaf worker`. */
import { command } from '../command.js';

export const worker = command({
  name: 'worker',
  summary: 'Run a worker in the foreground, for a Temporal of your own',
  examples: [['TEMPORAL_PROFILE=cloud taaf worker', 'until Ctrl-C']],
  args: {},
  run: async (values, context) => (await import('../actions/worker.js')).worker(values, context),
});
