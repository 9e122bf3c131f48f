/** RunInstances, sent so that it is known afterwards whether EC2 may have done something that it did not say. */
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { awsCode } from '../../aws/errors.js';
import { Failure } from '../../domain/failures.js';
import { asked, type Ec2 } from './ec2.js';
import { isRefusal } from './errors.js';

/**
 * `launched`: EC2 gave an instance. `refused`: it did nothing, and said why. `unknown`: it may have done it.
 * `spent`: the token has been used before, for another request or for an instance that is gone.
 */
export type Sent =
  | { readonly answer: 'launched'; readonly instance: string }
  | { readonly answer: 'refused' | 'unknown' | 'spent'; readonly failure: Failure };

const SPENT: ReadonlySet<string | undefined> = new Set(['IdempotentParameterMismatch', 'IdempotentInstanceTerminated']);

export async function sendRequest({ client, sdk }: Ec2, request: RunInstancesCommandInput): Promise<Sent> {
  const command = new sdk.RunInstancesCommand(request);
  const attempts = { unanswered: false };
  // The SDK repeats by itself: a refusal of the last attempt says nothing of an earlier one whose answer was lost.
  command.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        attempts.unanswered ||= !isRefusal(error);
        throw error;
      }
    },
    { step: 'deserialize', priority: 'high', name: 'taafAnswered' },
  );
  try {
    const { Instances } = await asked('EC2 does not launch a machine', (options) => client.send(command, options));
    const instance = Instances?.[0]?.InstanceId;
    if (instance !== undefined) return { answer: 'launched', instance };
    return { answer: 'unknown', failure: new Failure('bug', 'EC2 launched a machine and did not say which') };
  } catch (error) {
    // `asked` throws nothing else.
    const failure = error as Failure;
    if (SPENT.has(awsCode(failure.cause))) return { answer: 'spent', failure };
    return { answer: attempts.unanswered || !isRefusal(failure.cause) ? 'unknown' : 'refused', failure };
  }
}
