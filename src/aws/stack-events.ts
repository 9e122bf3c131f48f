/** What CloudFormation tells while it works on a stack. */
import type { CloudFormationClient, StackEvent } from '@aws-sdk/client-cloudformation';

/** Events of one operation, the oldest first. @param token the operation's `ClientRequestToken` */
export async function eventsOf(client: CloudFormationClient, stackId: string, token: string): Promise<StackEvent[]> {
  const { paginateDescribeStackEvents } = await import('@aws-sdk/client-cloudformation');
  const found: StackEvent[] = [];
  for await (const { StackEvents: events = [] } of paginateDescribeStackEvents({ client }, { StackName: stackId })) {
    const ours = events.filter((event) => event.ClientRequestToken === token);
    found.push(...ours);
    // Newest first: what is before ours is of older operations.
    if (ours.length < events.length) break;
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
