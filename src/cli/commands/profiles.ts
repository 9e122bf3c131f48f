/** `taaf profiles`. */
import { command } from '../command.js';
import { action, optional } from '../values.js';

export const profiles = command({
  name: 'profiles',
  summary: 'List, show or check profiles',
  examples: [
    ['taaf profiles', 'all of them, with what each is for'],
    ['taaf profiles show live-4k', 'one in full'],
    ['taaf profiles check ./mine.yaml', 'a file of your own'],
  ],
  args: {
    action: action('what to do', ['show', 'check']),
    profile: optional('a profile’s name or file', ['profile']),
  },
  run: async (values, context) => (await import('../actions/profiles.js')).profiles(values, context),
});
