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
  const transfer = { ...long, taskQueue: TRANSFER_QUEUE };
  return {
    ...proxies(transfer, {
      prepareEpisode: 'Hash the source and put it into the store',
      assemble: 'Join, mux, verify and deliver',
    }),
    ...proxies(long, {
      collect: 'Watch the store; bring finished segments home',
      launchMachine: 'Make the machine',
      configureMachine: 'Bring tools and agent onto the machine',
      startAgent: 'Start the agent',
      watchMachine: 'Watch the agent to its end',
      releaseMachine: 'End the machine, confirmed',
      cleanEpisode: 'Remove what was needed for the episode',
      openSeason: 'Make the store',
      closeSeason: 'Release every machine, remove the store',
      notify: 'Tell people',
    }),
    ...proxies(quick, {
      surveyWork: 'Count open and finished units',
      nextLaunch: 'Number of the next launch',
      drainMachine: 'Ask the agent to finish what it has',
      requestLease: 'Ask for a lease',
      returnLease: 'Give the lease back',
      auditLeases: 'Look which leases are over',
    }),
  };
}

/** Proxies of the named activities, each with its line for the Web UI. */
function proxies<K extends keyof Activities>(
  options: ActivityOptions,
  summaries: Readonly<Record<K, string>>,
): Pick<Activities, K> {
  const entries = (Object.entries(summaries) as [K, string][]).map(([name, summary]) => [
    name,
    proxyActivities<Activities>({ ...options, summary })[name],
  ]);
  return Object.fromEntries(entries) as Pick<Activities, K>;
}
