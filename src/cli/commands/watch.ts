/** `taaf watch`. */
import { command } from '../command.js';
import { optional } from '../values.js';

export const watch = command({
  name: 'watch',
  summary: 'Show a season’s progress until it ends; Ctrl-C leaves, the work goes on',
  examples: [
    ['taaf watch', 'the only open season'],
    ['taaf watch voyager --json', 'one line of JSON per event'],
  ],
  args: { season: optional('id, folder, or beginning of the id (default: the only open one)', ['season']) },
  run: async (values, context) => (await import('../actions/watch.js')).watch(values, context),
});
