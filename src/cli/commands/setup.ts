/** `taaf setup`. */
import { command } from '../command.js';

export const setup = command({
  name: 'setup',
  summary: 'Install the tools: ffmpeg, Temporal, Apprise; safe to repeat',
  examples: [['taaf setup', 'runs by itself at first need']],
  args: {},
  run: async (values, context) => (await import('../actions/setup.js')).setup(values, context),
});
