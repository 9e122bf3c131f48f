/** `taaf notify test`. */
import { command } from '../command.js';
import { action } from '../values.js';

export const notify = command({
  name: 'notify',
  summary: 'Test the notifications of your configuration',
  examples: [['taaf notify test', 'sends one message to every address']],
  args: { action: action('what to do', ['test']) },
  run: async (values, context) => (await import('../actions/notify.js')).notify(values, context),
});
