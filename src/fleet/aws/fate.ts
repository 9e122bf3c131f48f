/** Why a machine is not there any more, by EC2's own reason: pure. */
import type { FailureFact, FailureKind } from '../../domain/failures.js';
import type { MachineId } from '../../domain/ids.js';
import type { Instance } from './instances.js';

const SPOT = 'EC2 took it back for its spot market';

/** State reasons of EC2 → what a human is told. */
const reasons: Readonly<Record<string, { readonly kind: FailureKind; readonly words: string }>> = {
  'Server.SpotInstanceTermination': { kind: 'spot-reclaimed', words: SPOT },
  'Server.SpotInstanceShutdown': { kind: 'spot-reclaimed', words: SPOT },
  'Server.InsufficientInstanceCapacity': { kind: 'capacity', words: 'EC2 had no room for it after all' },
  'Server.InternalError': { kind: 'machine-lost', words: 'EC2 had an error of its own' },
  'Server.ScheduledStop': { kind: 'machine-lost', words: 'EC2 retired its host' },
  'Client.InstanceInitiatedShutdown': {
    kind: 'machine-lost',
    words: 'it shut itself down: its time was up, or its agent ended it',
  },
  'Client.UserInitiatedShutdown': { kind: 'machine-lost', words: 'somebody ended it by hand' },
  'Client.InstanceTerminated': { kind: 'machine-lost', words: 'it ended at its start' },
  'Client.InternalError': {
    kind: 'machine-lost',
    words: 'its volume could not be attached: is the KMS key for EBS enabled?',
  },
  'Client.InvalidSnapshot.NotFound': { kind: 'machine-lost', words: "its image's snapshot is gone" },
  'Client.LaunchPermissionDenied': { kind: 'machine-lost', words: 'this account may not use its image' },
  'Client.VolumeLimitExceeded': { kind: 'quota', words: 'the quota of EBS volumes is used up' },
};

const STOPPED = 'somebody stopped it by hand, and its volume costs money until it is ended';

export const isReclaimed = ({ reason }: Instance): boolean =>
  reason !== undefined && reasons[reason]?.kind === 'spot-reclaimed';

/** It never started: EC2 had no room, though it had said so. */
export const diedOfCapacity = ({ reason }: Instance): boolean =>
  reason !== undefined && reasons[reason]?.kind === 'capacity';

/** What became of an instance that neither runs nor is about to. */
export function fateOf(machine: MachineId, instance: Instance): FailureFact {
  const stopped = instance.state === 'stopped' || instance.state === 'stopping';
  const known = instance.reason === undefined ? undefined : reasons[instance.reason];
  const byHand = stopped && known?.kind !== 'spot-reclaimed';
  return {
    kind: byHand ? 'machine-lost' : (known?.kind ?? 'machine-lost'),
    what: `The machine ${machine} is ${instance.state}: ${byHand ? STOPPED : (known?.words ?? 'EC2 does not say why')}`,
    evidence: `${instance.id} ${instance.state} ${instance.reason ?? '(no reason)'}`,
  };
}
