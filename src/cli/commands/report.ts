/** `taaf report`. */
import { command } from '../command.js';
import { optional, option } from '../values.js';

export const report = command({
  name: 'report',
  summary: 'Write a page about a season, with stills before and after',
  examples: [
    ['taaf report', 'the only open season, else the newest; the page lies beside its results'],
    ['taaf report voyager --to ~/voyager.html', 'by the beginning of its name, into another file'],
  ],
  args: {
    season: optional('id, folder, or beginning of the id (default: the only open one)', ['season']),
    to: option('the page’s file (default: report.html beside the results)'),
  },
  run: async (values, context) => (await import('../actions/report.js')).report(values, context),
});
