/** `taaf list`. */
import { command } from '../command.js';

export const list = command({
  name: 'list',
  summary: 'List the seasons of this computer',
  examples: [['taaf list', 'every season, newest first, with its state']],
  args: {},
  run: async (values, context) => (await import('../actions/list.js')).list(values, context),
});
