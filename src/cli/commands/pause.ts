/** `taaf pause` and `taaf resume`. */
import { command } from '../command.js';
import { optional } from '../values.js';

const season = optional('id, folder, or beginning of the id (default: the only open one)', ['season']);

export const pause = command({
  name: 'pause',
  summary: 'Take nothing new; running segments are finished',
  examples: [['taaf pause', 'the only open season']],
  args: { season },
  run: async (values, context) => (await import('../actions/pause.js')).pause(values, context),
});

export const resume = command({
  name: 'resume',
  summary: 'Go on after a pause',
  examples: [['taaf resume', 'the only open season']],
  args: { season },
  run: async (values, context) => (await import('../actions/pause.js')).resume(values, context),
});
