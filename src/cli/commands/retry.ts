/** `taaf retry`. */
import { command } from '../command.js';
import { positional } from '../values.js';

export const retry = command({
  name: 'retry',
  summary: 'Try a failed episode again; only what is missing is done',
  examples: [['taaf retry title_t03', 'after the cause is gone, on a running season or an ended one']],
  args: { episode: positional('file name without its ending, number, or season/name', ['episode']) },
  run: async (values, context) => (await import('../actions/retry.js')).retry(values, context),
});
