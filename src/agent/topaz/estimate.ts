/** Runs Topaz's estimator over a few places of an episode. */
import { Failure } from '../../domain/failures.js';
import type { TopazEstimate } from '../../domain/topaz.js';
import type { RestoredTask } from '../../engines/engine.js';
import { estimateArgv, estimateOf, estimatePlaces, parameterValues } from '../../engines/topaz-estimate.js';
import type { TopazMachine } from '../../engines/topaz-filter.js';
import type { TopazInstall } from './install.js';
import { runTopaz } from './program.js';

/** @param segments tasks of all segments of the episode, in order; their files are on this machine */
export async function estimateEpisode(
  install: TopazInstall,
  machine: TopazMachine,
  segments: readonly RestoredTask[],
  signal: AbortSignal,
): Promise<TopazEstimate> {
  const seen: (readonly number[])[] = [];
  let wanted = 0;
  for (const place of estimatePlaces(segments.map(({ frames }) => frames))) {
    const task = segments[place.segment];
    if (!task) throw new Failure('bug', `there is no segment ${place.segment} to estimate`);
    wanted += place.frames;
    await runTopaz(install, estimateArgv(task, machine, place), {
      signal,
      what: `the automatic parameters of ${task.job.episode}`,
      onLine: (line) => {
        const values = parameterValues(line);
        if (values) seen.push(values);
      },
    });
  }
  return estimateOf(seen, wanted);
}
