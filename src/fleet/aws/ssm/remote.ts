/** Talks to a machine through SSM: is its agent there, start, stop. */
import { awsCode, awsFailure } from '../../../aws/errors.js';
import type { AwsClients } from '../../../aws/clients.js';
import type { AwsPlace } from '../../../domain/aws.js';
import { lasting } from '../../../domain/durations.js';
import { Failure } from '../../../domain/failures.js';
import { pause } from '../../../process/pause.js';
import type { Ping, Remote, Target } from '../ports.js';
import { runAction, type Sending } from './command.js';

export interface SsmDeps {
  readonly clients: (place: AwsPlace) => AwsClients;
  /** Name of the document that `agentDocument` is the content of. */
  readonly document: (place: AwsPlace) => string;
  readonly timeScale: number;
}

/** What only SSM can tell of a machine besides the port. */
export interface SsmRemote extends Remote {
  /** Differs after every boot of the machine. */
  boot(target: Target, signal: AbortSignal): Promise<string>;
}

const pings: Readonly<Record<string, Ping>> = { Online: 'online', ConnectionLost: 'lost', Inactive: 'lost' };

export function ssmRemote({ clients, document, timeScale }: SsmDeps): SsmRemote {
  async function sending(target: Target, signal?: AbortSignal): Promise<Sending> {
    const ssm = await clients(target.place).ssm();
    const durations = {
      look: lasting('machineLook', timeScale),
      unknown: lasting('commandUnknown', timeScale),
      grace: lasting('commandGrace', timeScale),
    };
    return { ssm, document: document(target.place), target, ...durations, ...(signal ? { signal } : {}) };
  }

  return {
    async ping({ place, instanceId, ref }) {
      const { DescribeInstanceInformationCommand } = await import('@aws-sdk/client-ssm');
      const question = { Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] };
      try {
        const ssm = await clients(place).ssm();
        const { InstanceInformationList = [] } = await ssm.send(new DescribeInstanceInformationCommand(question));
        return pings[InstanceInformationList[0]?.PingStatus ?? ''] ?? 'unknown';
      } catch (error) {
        // SSM may refuse an id that it does not know instead of leaving it out.
        if (awsCode(error) === 'InvalidInstanceId') return 'unknown';
        throw awsFailure(error, `SSM could not be asked for ${ref.machine}`);
      }
    },

    async start(target, { signal, report }) {
      const deadline = performance.now() + lasting('machineBoot', timeScale);
      for (;;) {
        try {
          await runAction('start', await sending(target, signal));
          return;
        } catch (error) {
          // Not registered yet: nothing was sent, so asking again starts nothing twice.
          if (!isUnregistered(error) || performance.now() > deadline) throw error;
          report('waiting for the machine to register with SSM');
          await pause(lasting('machineLook', timeScale), signal);
          if (signal.aborted) throw new Failure('cancelled', `Starting ${target.ref.machine} was stopped`);
        }
      }
    },

    async stop(target) {
      try {
        await runAction('stop', await sending(target, AbortSignal.timeout(lasting('stopAgent', timeScale))));
      } catch (error) {
        // The machine ends whether its agent answers or not: who stops it ends the machine next.
        if (!(error instanceof Failure) || error.kind === 'bug') throw error;
      }
    },

    boot: async (target, signal) => (await runAction('boot', await sending(target, signal))).trim(),
  };
}

const isUnregistered = (error: unknown): boolean =>
  error instanceof Failure && error.cause !== undefined && awsCode(error.cause) === 'InvalidInstanceId';
