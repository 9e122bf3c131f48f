/** `taaf logs`. */
import { command } from '../command.js';
import { flag, positional } from '../values.js';

export const logs = command({
  name: 'logs',
  summary: 'Show what the machines of an episode wrote',
  examples: [
    ['taaf logs 3', 'episode 3 of the open season'],
    ['taaf logs voyager-s1/title_t03 -f', 'and go on as it is written; Ctrl-C leaves'],
  ],
  args: {
    episode: positional('file name without its ending, number, or season/name', ['episode']),
    follow: flag('go on as it is written', 'f'),
  },
  run: async (values, context) => (await import('../actions/logs.js')).logs(values, context),
});
