/** `taaf doctor`. */
import { command } from '../command.js';

export const doctor = command({
  name: 'doctor',
  summary: 'Check this computer, with a line to mend each thing that is not well',
  examples: [
    ['taaf doctor', 'versions, tools, disk, GPU, ports, Temporal, and where each setting comes from'],
    ['taaf doctor --json', 'for a bug report'],
  ],
  args: {},
  run: async (values, context) => (await import('../actions/doctor.js')).doctor(values, context),
});
