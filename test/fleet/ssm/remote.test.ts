/** SSM as TAAF's side sees it: every status and detail, unknown machines, and that nothing is ever sent twice blindly. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ssmRemote } from '../../../src/fleet/aws/ssm/remote.js';
import { outcomeOf } from '../../../src/fleet/aws/ssm/outcome.js';
import { temporaryFolder } from '../../helpers/folder.js';
import { DOCUMENT, openStage, type Scripted, type Stage } from '../aws-stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage(await temporaryFolder());
});
afterEach(() => stage.close());

const remote = () => ssmRemote({ clients: () => stage.clients, document: () => DOCUMENT, timeScale: 1_000 });
const watch = () => ({ signal: new AbortController().signal, report: () => undefined });
const start = () => remote().start(stage.target, watch());

/** Every look at a command is answered like this. */
const looksLike = (answer: object) => {
  stage.script = (action) =>
    action === 'SendCommand'
      ? { answer: { Command: { CommandId: '0b6d6e5a-5c6d-4b9b-8b7e-000000000000' } } }
      : action === 'GetCommandInvocation'
        ? { answer }
        : undefined;
};

describe('a start that SSM ends with', () => {
  it.each([
    ['Failed', 'Failed', 1, 'configure-failed', ''],
    ['Failed', 'Failed', 3, 'configure-failed', ''],
    ['TimedOut', 'DeliveryTimedOut', -1, 'machine-lost', 'E40'],
    ['TimedOut', 'Delivery Timed Out', -1, 'machine-lost', 'E40'],
    ['TimedOut', 'ExecutionTimedOut', -1, 'stalled', 'E40'],
    ['Failed', 'Undeliverable', -1, 'machine-lost', 'E40'],
    ['Failed', 'Terminated', -1, 'machine-lost', ''],
    ['Failed', 'InvalidPlatform', -1, 'bug', ''],
    ['Failed', 'AccessDenied', -1, 'permission', ''],
    ['Cancelled', 'Cancelled', -1, 'machine-lost', ''],
    ['Failed', 'NeverHeardOf', 1, 'configure-failed', ''],
    ['NeverHeardOf', 'NeverHeardOf', 1, 'bug', ''],
  ])('%s, %s, %i is %s, and is not sent again %s', async (Status, StatusDetails, ResponseCode, kind) => {
    looksLike({ Status, StatusDetails, ResponseCode, StandardErrorContent: 'one\nwhat it said\n' });
    await expect(start()).rejects.toMatchObject({
      kind,
      evidence: expect.stringMatching(new RegExp(`^${StatusDetails}.*: what it said$`)) as string,
    });
    expect(stage.called('SendCommand')).toHaveLength(1);
  });

  it('says what is still going on as waiting, and only Success as done (E39)', () => {
    for (const status of ['Pending', 'InProgress', 'In Progress', 'Delayed', 'Cancelling'])
      expect(outcomeOf({ Status: status, StatusDetails: status })).toBe('waiting');
    expect(outcomeOf({ Status: 'Success', StatusDetails: 'Success' })).toBe('success');
    expect(outcomeOf({})).toMatchObject({ kind: 'bug' });
  });
});

describe('a command', () => {
  it('that was just sent may be unknown for a while', async () => {
    stage.script = (action, n) =>
      action === 'SendCommand'
        ? { answer: { Command: { CommandId: '0b6d6e5a-5c6d-4b9b-8b7e-000000000000' } } }
        : n < 3
          ? { code: 'InvocationDoesNotExist' }
          : { answer: { Status: 'Success', StatusDetails: 'Success', ResponseCode: 0 } };
    await start();
    expect(stage.called('GetCommandInvocation')).toHaveLength(3);
    expect(stage.called('SendCommand')).toHaveLength(1);
  });

  it('carries ids only, its delivery time, and the step that it asks for', async () => {
    looksLike({ Status: 'Success', StatusDetails: 'Success', ResponseCode: 0 });
    await start();
    const { machine } = stage.target.ref;
    expect(stage.called('SendCommand')).toEqual([
      {
        DocumentName: DOCUMENT,
        InstanceIds: [stage.target.instanceId],
        Parameters: { action: ['start'], machine: [machine] },
        Comment: `start ${machine}`,
        TimeoutSeconds: 60,
      },
    ]);
    expect(stage.called('GetCommandInvocation')[0]).toMatchObject({ PluginName: 'linux' });
  });

  it('to a machine that is not registered yet is sent when it is', async () => {
    stage.script = (action, n): Scripted | undefined => {
      if (action === 'SendCommand')
        return n < 3
          ? { code: 'InvalidInstanceId' }
          : { answer: { Command: { CommandId: '0b6d6e5a-5c6d-4b9b-8b7e-000000000000' } } };
      return { answer: { Status: 'Success', StatusDetails: 'Success' } };
    };
    await start();
    expect(stage.called('SendCommand')).toHaveLength(3);
  });

  it.each([
    ['ThrottlingException', 'throttled'],
    ['AccessDeniedException', 'permission'],
    ['ExpiredTokenException', 'auth-expired'],
    ['InvalidDocument', 'permission'],
  ])('that is refused with %s is %s', async (code, kind) => {
    stage.script = (action) => (action === 'SendCommand' ? { code } : undefined);
    await expect(start()).rejects.toMatchObject({ kind, evidence: expect.stringContaining(code) as string });
  });
});

describe('stopping', () => {
  it('is no gate: a machine that does not answer is stopped by ending it', async () => {
    for (const code of ['InvalidInstanceId', 'AccessDeniedException']) {
      stage.script = () => ({ code });
      await remote().stop(stage.target);
    }
    looksLike({ Status: 'Failed', StatusDetails: 'Undeliverable', ResponseCode: -1 });
    await remote().stop(stage.target);
  });
});

describe('a ping', () => {
  it.each([
    [{ InstanceInformationList: [{ PingStatus: 'Online' }] }, 'online'],
    [{ InstanceInformationList: [{ PingStatus: 'ConnectionLost' }] }, 'lost'],
    [{ InstanceInformationList: [{ PingStatus: 'Inactive' }] }, 'lost'],
    [{ InstanceInformationList: [] }, 'unknown'],
  ])('%j is %s (E38)', async (answer, ping) => {
    stage.script = () => ({ answer });
    expect(await remote().ping(stage.target)).toBe(ping);
  });

  it('of an id that SSM does not know is unknown', async () => {
    stage.script = () => ({ code: 'InvalidInstanceId' });
    expect(await remote().ping(stage.target)).toBe('unknown');
  });
});
