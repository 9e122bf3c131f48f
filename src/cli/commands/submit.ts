/** `taaf submit`. */
import { command } from '../command.js';
import { flag, oneOf, option, positional, wholeNumber } from '../values.js';

export const submit = command({
  name: 'submit',
  summary: 'Upscale a folder of episodes to 4K',
  examples: [
    ['taaf submit ./voyager-s1', 'every episode, with the profile that suits this computer'],
    ['taaf submit ./voyager-s1 --watch', 'and watch; Ctrl-C stops only the watching'],
    ['taaf submit ./futurama --profile animation-4k --episodes 1-4,7', 'a profile, and some episodes only'],
    ['taaf submit ./voyager-s1 --pilot', 'one episode first; the rest after: taaf approve'],
    ['taaf submit ./voyager-s1 --dry-run', 'what it would do, with time and disk; starts nothing'],
  ],
  args: {
    folder: positional('the folder with the episodes'),
    profile: option('how to upscale: a profile’s name or file', ['profile']),
    out: option('folder for the results (default: upscaled/ in the folder)'),
    episodes: option('only these, such as 1-4,7'),
    width: wholeNumber('how many machines at once', 1, 1000),
    awsProfile: option('named profile of your AWS configuration'),
    awsRegion: option('region of the machines'),
    fleet: oneOf('where the machines come from', ['local', 'aws']),
    sample: option('samples of every episode first, such as 3x60s; the rest waits for `taaf approve`'),
    pilot: flag('the first episode alone; the rest waits for `taaf approve`'),
    dryRun: flag('show the plan and start nothing', 'n'),
    watch: flag('stay and show the progress', 'w'),
    yes: flag('answer yes to every question', 'y'),
  },
  run: async (values, context) => (await import('../actions/submit.js')).submit(values, context),
});
