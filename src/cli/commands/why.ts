/** `taaf why`. */
import { command } from '../command.js';
import { positional } from '../values.js';

export const why = command({
  name: 'why',
  summary: 'Say why an episode failed or waits, and what happens next',
  examples: [['taaf why 3', 'kind, evidence, what happens by itself and when, and what you can do']],
  args: { episode: positional('file name without its ending, number, or season/name', ['episode']) },
  run: async (values, context) => (await import('../actions/why.js')).why(values, context),
});
