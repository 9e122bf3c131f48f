/** `taaf retry`. */
import { command } from '../command.js';
import { refusableKinds } from '../../domain/proof.js';
import { positional, someOf } from '../values.js';

export const retry = command({
  name: 'retry',
  summary: 'Try a failed episode again; only what is missing is done',
  examples: [
    ['taaf retry title_t03', 'after the cause is gone, on a running season or an ended one'],
    ['taaf retry 3 --accept colour', 'its pictures were refused for their colours, and are as you want them'],
  ],
  args: {
    episode: positional('file name without its ending, number, or season/name', ['episode']),
    accept: someOf(`deliver pictures that were refused for this: ${refusableKinds.join(', ')}`, refusableKinds),
  },
  run: async (values, context) => (await import('../actions/retry.js')).retry(values, context),
});
