/** `taaf cancel`. */
import { command } from '../command.js';
import { flag, optional } from '../values.js';

export const cancel = command({
  name: 'cancel',
  summary: 'Stop a season or one episode; what is finished stays',
  examples: [
    ['taaf cancel', 'the only open season'],
    ['taaf cancel title_t03', 'one episode'],
    ['taaf cancel voyager-s1 --discard', 'throw away what is rendered but not delivered'],
  ],
  args: {
    what: optional('a season or an episode (default: the only open season)', ['season', 'episode']),
    discard: flag('throw away what is rendered but not delivered'),
  },
  run: async (values, context) => (await import('../actions/cancel.js')).cancel(values, context),
});
