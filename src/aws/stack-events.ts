/** What CloudFormation tells while it works on a stack. */
import type { CloudFormationClient, StackEvent } from '@aws-sdk/client-cloudformation';

/** The newest event of a stack: what comes after it is of the operation that begins now. */
export async function newestEvent(client: CloudFormationClient, stack: string): Promise<string | undefined> {
  const { DescribeStackEventsCommand } = await import('@aws-sdk/client-cloudformation');
  const { StackEvents: [event] = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stack }));
  return event?.EventId;
}

/** Events after that one, the oldest first. */
export async function eventsAfter(
  client: CloudFormationClient,
  stack: string,
  last: string | undefined,
): Promise<StackEvent[]> {
  const { paginateDescribeStackEvents } = await import('@aws-sdk/client-cloudformation');
  const found: StackEvent[] = [];
  // They come newest first.
  for await (const { StackEvents: events = [] } of paginateDescribeStackEvents({ client }, { StackName: stack })) {
    const end = events.findIndex(({ EventId }) => EventId !== undefined && EventId === last);
    found.push(...(end < 0 ? events : events.slice(0, end)));
    if (end >= 0) break;
  }
  return found.reverse();
}

/** The first thing that went wrong: what follows it is only called off. */
export function firstFailure(events: readonly StackEvent[]): string | undefined {
  const event = events.find(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'));
  return (
    event && `${event.LogicalResourceId ?? '?'} (${event.ResourceType ?? '?'}): ${event.ResourceStatusReason ?? ''}`
  );
}

/** One line of progress. */
export const lineOf = ({ LogicalResourceId, ResourceType, ResourceStatus }: StackEvent): string =>
  `${LogicalResourceId ?? '?'} (${ResourceType ?? '?'}): ${(ResourceStatus ?? '').toLowerCase().replaceAll('_', ' ')}`;
