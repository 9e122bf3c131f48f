/** Every code of EC2 that is known, and what follows from it. */
import { describe, expect, it } from 'vitest';
import { Failure, failureKinds, type FailureKind } from '../../../src/domain/failures.js';
import { ec2Failure, isDryRunSuccess, isRefusal } from '../../../src/fleet/aws/errors.js';
import { fateOf } from '../../../src/fleet/aws/fate.js';
import type { Instance } from '../../../src/fleet/aws/instances.js';

const answer = (code: string, status = 400): Error =>
  Object.assign(new Error('words that nobody reads'), {
    name: code,
    Code: code,
    $metadata: { httpStatusCode: status },
  });

const table: readonly (readonly [codes: string, kind: FailureKind, status?: number])[] = [
  ['InsufficientInstanceCapacity', 'capacity', 500],
  ['UnfulfillableCapacity Unsupported InsufficientFreeAddressesInSubnet SpotMaxPriceTooLow', 'capacity'],
  ['VcpuLimitExceeded MaxSpotInstanceCountExceeded InstanceLimitExceeded MaxFleetCountExceeded', 'quota'],
  ['VolumeLimitExceeded MaxIOPSLimitExceeded', 'quota'],
  ['RequestLimitExceeded', 'throttled', 503],
  ['InternalError Unavailable ServiceUnavailable', 'network', 500],
  ['UnauthorizedOperation AuthFailure OptInRequired PendingVerification Blocked OperationNotPermitted', 'permission'],
  ['AuthFailure.ServiceLinkedRoleCreationNotPermitted', 'permission'],
  ['ExpiredToken RequestExpired', 'auth-expired'],
  ['InvalidAMIID.NotFound InvalidParameterValue InvalidInstanceType InvalidBlockDeviceMapping', 'unsupported'],
  ['InvalidUserData.Malformed IdempotentParameterMismatch', 'bug'],
];

const rows = table.flatMap(([codes, kind, status]) => codes.split(' ').map((code) => [code, kind, status] as const));

describe("EC2's codes", () => {
  it.each(rows)('%s is of the kind %s', (code, kind, status) => {
    const failure = ec2Failure(answer(code, status), 'It was not done');
    expect([failure.kind, failure.message]).toEqual([kind, 'It was not done']);
    expect(failure.evidence).toContain(code);
  });

  it('never repeat by themselves what only a human can mend', () => {
    const once = rows.filter(([, kind]) => kind === 'permission' || kind === 'unsupported');
    expect(once.every(([, kind]) => failureKinds[kind].retry === 'human')).toBe(true);
    const role = ec2Failure(answer('AuthFailure.ServiceLinkedRoleCreationNotPermitted', 403), '');
    expect(role.next).toContain('create-service-linked-role');
  });

  it('tell a refusal from what may have happened', () => {
    const refused = rows.filter(([code, , status]) => isRefusal(answer(code, status))).map(([code]) => code);
    expect(rows.map(([code]) => code).filter((code) => !refused.includes(code))).toEqual([
      'InternalError',
      'Unavailable',
      'ServiceUnavailable',
    ]);
    const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    expect([isRefusal(reset), isRefusal(answer('CodeOfTomorrow')), isRefusal(answer('CodeOfTomorrow', 500))]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('of a dry run are its success', () => {
    expect([isDryRunSuccess(answer('DryRunOperation', 412)), isDryRunSuccess(answer('Blocked'))]).toEqual([
      true,
      false,
    ]);
  });

  it('leave a failure that is one already', () => {
    const known = new Failure('capacity', 'known');
    expect(ec2Failure(known, 'other')).toBe(known);
  });
});

describe('the fate of a machine', () => {
  const instance = (state: Instance['state'], reason?: string): Instance => ({
    id: 'i-1',
    machine: 'e01-00000000-l1',
    state,
    ...(reason === undefined ? {} : { reason }),
    token: undefined,
    market: 'spot',
    launchedAt: 0,
    deadline: 0,
    imdsTokens: 'required',
    imdsHops: 1,
    keptVolumes: [],
  });

  it.each([
    ['terminated', 'Server.SpotInstanceTermination', 'spot-reclaimed', 'spot market'],
    ['shutting-down', 'Server.SpotInstanceShutdown', 'spot-reclaimed', 'spot market'],
    ['terminated', 'Client.InstanceInitiatedShutdown', 'machine-lost', 'shut itself down'],
    ['terminated', 'Client.UserInitiatedShutdown', 'machine-lost', 'by hand'],
    ['stopped', 'Client.UserInitiatedShutdown', 'machine-lost', 'costs money'],
    ['terminated', 'Client.InternalError', 'machine-lost', 'KMS'],
    ['terminated', 'Client.VolumeLimitExceeded', 'quota', 'quota'],
    ['terminated', 'Server.InsufficientInstanceCapacity', 'capacity', 'no room'],
    ['terminated', 'Server.ReasonOfTomorrow', 'machine-lost', 'does not say why'],
  ] as const)('that is %s for %s: %s', (state, reason, kind, words) => {
    const fact = fateOf('e01-00000000-l1', instance(state, reason));
    expect(fact.kind).toBe(kind);
    expect(fact.what).toContain(words);
    expect(fact.evidence).toContain(reason);
  });
});
