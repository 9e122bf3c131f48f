/** What an episode's running activities report: read from Temporal itself, so that it needs no worker. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { factOf } from '../domain/failures.js';
import type { CollectHeartbeat } from '../workflows/messages.js';
import type { EpisodeProgress, Retrying } from './season-status.js';
import { failureThrown } from './temporal-failure.js';

type Converter = Client['options']['loadedDataConverter'];
type Activity = Awaited<ReturnType<typeof pendingActivities>>[number];

export interface EpisodeWork {
  readonly progress?: EpisodeProgress;
  readonly retrying?: Retrying;
}

export async function episodeWork(client: Client, workflowId: string): Promise<EpisodeWork> {
  const { loadedDataConverter } = client.options;
  const work = (await pendingActivities(client, workflowId)).map((activity): EpisodeWork => {
    const progress = progressOf(activity, loadedDataConverter);
    const retrying = retryingOf(activity, loadedDataConverter);
    return { ...(progress ? { progress } : {}), ...(retrying ? { retrying } : {}) };
  });
  return Object.assign({}, ...work) as EpisodeWork;
}

function progressOf({ heartbeatDetails }: Activity, { payloadConverter }: Converter): EpisodeProgress | undefined {
  const payload = heartbeatDetails?.payloads?.[0];
  const beat: unknown = payload ? payloadConverter.fromPayload(payload) : undefined;
  if (!isCollectHeartbeat(beat)) return undefined;
  const left = beat.total - beat.frames;
  return { ...beat, ...(beat.rate > 0 && left > 0 ? { etaSeconds: left / beat.rate } : {}) };
}

function retryingOf(activity: Activity, converter: Converter): Retrying | undefined {
  const { lastFailure, attempt, activityType, nextAttemptScheduleTime } = activity;
  if (!lastFailure || !attempt || attempt < 2) return undefined;
  const error = converter.failureConverter.failureToError(lastFailure, converter.payloadConverter);
  const next = nextAttemptScheduleTime?.seconds;
  return {
    what: activityType?.name ?? 'the work',
    attempt,
    failure: failureThrown(error) ?? factOf(error),
    ...(next ? { nextAt: Number(next) * 1000 } : {}),
  };
}

async function pendingActivities(client: Client, workflowId: string) {
  try {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    return raw.pendingActivities ?? [];
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}

const isCollectHeartbeat = (value: unknown): value is CollectHeartbeat =>
  typeof value === 'object' &&
  value !== null &&
  'frames' in value &&
  'total' in value &&
  'rate' in value &&
  'machines' in value;
