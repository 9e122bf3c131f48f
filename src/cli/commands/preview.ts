/** `taaf preview`. */
import { command } from '../command.js';
import { list, option, positional, wholeNumber } from '../values.js';

export const preview = command({
  name: 'preview',
  summary: 'Write a page that compares profiles on a few moments, with what each would cost',
  examples: [
    ['taaf preview ./voyager-s1', 'the longest episode, with the profile that suits this computer'],
    ['taaf preview ./voyager-s1 --episodes 3 --profile live-4k,animation-4k', 'an episode and profiles of your choice'],
    ['taaf preview ./voyager-s1/title_t03.mkv --samples 5', 'one file, five moments'],
  ],
  args: {
    folder: positional('the folder with the episodes, or one video'),
    profile: list('profiles to compare: names or files, with commas between them', ['profile']),
    episodes: option('which episode, such as 3 (default: the longest)'),
    samples: wholeNumber('how many moments (default: 3)', 1, 12),
    to: option('the page’s file (default: preview.html beside the results)'),
  },
  run: async (values, context) => (await import('../actions/preview.js')).preview(values, context),
});
