/** `taaf plan`. */
import { command } from '../command.js';
import { oneOf, option, positional } from '../values.js';

export const plan = command({
  name: 'plan',
  summary: 'Show what submit would do, with time and disk',
  examples: [
    ['taaf plan ./voyager-s1', 'episodes, picture, cadence, streams, time, disk, and what is skipped and why'],
    ['taaf plan ./voyager-s1 --profile dvd-4k-fast --json', 'the same for programs'],
  ],
  args: {
    folder: positional('the folder with the episodes'),
    profile: option('how to upscale: a profile’s name or file', ['profile']),
    out: option('folder for the results (default: upscaled/ in the folder)'),
    episodes: option('only these, such as 1-4,7'),
    fleet: oneOf('where the machines come from', ['local', 'aws']),
  },
  run: async (values, context) => (await import('../actions/plan.js')).plan(values, context),
});
