/** `taaf up` and `taaf down`. */
import { command } from '../command.js';
import { oneOf } from '../values.js';

export const up = command({
  name: 'up',
  summary: 'Start Temporal and the worker in the background',
  examples: [
    ['taaf up', 'once; a second time it only says that they run'],
    ['taaf up --service install', 'so that they come back after a reboot'],
  ],
  args: { service: oneOf('as a service of your user', ['install', 'remove', 'status']) },
  run: async (values, context) => (await import('../actions/up.js')).up(values, context),
});

export const down = command({
  name: 'down',
  summary: 'Stop Temporal and the worker; seasons go on at the next `taaf up`',
  examples: [['taaf down', 'agents that render go on']],
  args: {},
  run: async (values, context) => (await import('../actions/up.js')).down(values, context),
});
