/** `taaf cadence`. */
import { command } from '../command.js';
import { flag, option, positional } from '../values.js';

export const cadence = command({
  name: 'cadence',
  summary: 'Show where an episode is film and where video, or correct it',
  examples: [
    ['taaf cadence ./voyager-s1/title_t03.mkv', 'every passage with its time codes'],
    ['taaf cadence 3 --set 41:10-42:00=video', 'correct a stretch; the next submit goes by it'],
    ['taaf cadence 3 --reset', 'forget the corrections'],
  ],
  args: {
    episode: positional('a video file, or an episode of a season', ['episode']),
    set: option('what a stretch is, such as 41:10-42:00=video: film, frames, video or mixed'),
    reset: flag('forget what was said about it'),
  },
  run: async (values, context) => (await import('../actions/cadence.js')).cadence(values, context),
});
