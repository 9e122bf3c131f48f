/** Client tokens: the same request is the same instance, in one zone. */
import { isDeepStrictEqual } from 'node:util';
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';
import type { Instance } from './instance.js';

export class Tokens {
  readonly #used = new Map<string, { readonly input: RunInstancesCommandInput; readonly instance: Instance }>();

  /**
   * The instance that this request has already made.
   * A token holds in one zone: in another it is new, and launches a second instance.
   * @throws AwsError `IdempotentParameterMismatch`, `IdempotentInstanceTerminated`
   */
  find(zone: string, input: RunInstancesCommandInput): Instance | undefined {
    if (input.ClientToken === undefined) return undefined;
    const used = this.#used.get(`${zone} ${input.ClientToken}`);
    if (used === undefined) return undefined;
    if (!isDeepStrictEqual(comparable(used.input), comparable(input)))
      throw new AwsError(
        'IdempotentParameterMismatch',
        'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
      );
    if (used.instance.state === 'terminated')
      throw new AwsError(
        'IdempotentInstanceTerminated',
        'The client token that you have provided is associated with a resource that is already deleted.',
      );
    return used.instance;
  }

  keep(zone: string, instance: Instance): void {
    if (instance.token === undefined) return;
    this.#used.set(`${zone} ${instance.token}`, { input: instance.input, instance });
  }
}

const comparable = ({ DryRun: _dryRun, ...input }: RunInstancesCommandInput) => input;
