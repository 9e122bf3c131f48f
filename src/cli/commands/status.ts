/** `taaf status`. */
import { command } from '../command.js';
import { optional } from '../values.js';

export const status = command({
  name: 'status',
  summary: 'Show once how far a season is',
  examples: [
    ['taaf status', 'the only open season'],
    ['taaf status voyager --json', 'by the beginning of its name, for programs'],
  ],
  args: { season: optional('id, folder, or beginning of the id (default: the only open one)', ['season']) },
  run: async (values, context) => (await import('../actions/watch.js')).status(values, context),
});
