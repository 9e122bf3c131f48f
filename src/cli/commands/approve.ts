/** `taaf approve`. */
import { command } from '../command.js';
import { optional } from '../values.js';

export const approve = command({
  name: 'approve',
  summary: 'Let a season go on after its pilot episode',
  examples: [['taaf approve', 'the only open season; it was submitted with --pilot']],
  args: { season: optional('a season (default: the only open one)', ['season']) },
  run: async (values, context) => (await import('../actions/approve.js')).approve(values, context),
});
