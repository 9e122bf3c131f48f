/** Time limits and retries of all activities, by kind of work: the one place where proxies are made. */
import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import { lasting } from '../domain/durations.js';
import { TRANSFER_QUEUE } from '../domain/ids.js';
import type { Activities } from './activities.js';

/** Activities with a limit on every attempt and none on the sum: what can be mended is retried for ever, what cannot says so itself. */
export function activitiesFor(scale: number): Activities {
  const common = {
    // The SDK's default, TRY_CANCEL, lets clean-up run beside the activity that it cleans up after.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      initialInterval: lasting('retryFirst', scale),
      backoffCoefficient: 2,
      maximumInterval: lasting('retryMost', scale),
    },
  } satisfies ActivityOptions;
  const quick = { ...common, startToCloseTimeout: lasting('quick', scale) };
  const long = {
    ...common,
    startToCloseTimeout: lasting('long', scale),
    heartbeatTimeout: lasting('heartbeat', scale),
  };
  const transfer = proxyActivities<Activities>({ ...long, taskQueue: TRANSFER_QUEUE });
  const watching = proxyActivities<Activities>(long);
  const short = proxyActivities<Activities>(quick);
  return {
    ...pick(transfer, ['prepareEpisode', 'assemble']),
    ...pick(watching, ['collect', 'watchMachine', 'launchMachine', 'configureMachine', 'startAgent', 'releaseMachine']),
    ...pick(watching, ['closeSeason', 'cleanEpisode', 'notify']),
    ...pick(short, ['surveyWork', 'nextLaunch', 'drainMachine', 'requestLease', 'returnLease', 'auditLeases']),
  };
}

function pick<K extends keyof Activities>(all: Activities, names: readonly K[]): Pick<Activities, K> {
  return Object.fromEntries(names.map((name) => [name, all[name]])) as Pick<Activities, K>;
}
