/** A reboot between two plays: told to EC2, and over only when SSM answers with another boot. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reboot } from '../../../src/fleet/aws/ansible/reboot.js';
import { ssmRemote } from '../../../src/fleet/aws/ssm/remote.js';
import { temporaryFolder } from '../../helpers/folder.js';
import { DOCUMENT, openStage, type Stage } from '../aws-stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage(await temporaryFolder());
});
afterEach(() => stage.close());

it('is told to EC2 once, and waits through the old boot, silence and lost commands', async () => {
  const boots = ['one', 'one', undefined, 'lost', 'two'];
  const asked = { count: 0 };
  stage.script = (action) => {
    if (action === 'SendCommand') {
      asked.count += 1;
      if (boots[asked.count - 1] === undefined) return { code: 'InvalidInstanceId' };
      return { answer: { Command: { CommandId: '0b6d6e5a-5c6d-4b9b-8b7e-000000000000' } } };
    }
    if (action !== 'GetCommandInvocation') return undefined;
    const boot = boots[asked.count - 1] ?? '';
    return boot === 'lost'
      ? { answer: { Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut', ResponseCode: -1 } }
      : { answer: { Status: 'Success', StatusDetails: 'Success', StandardOutputContent: `${boot}\n` } };
  };
  const remote = ssmRemote({ clients: () => stage.clients, document: () => DOCUMENT, timeScale: 1_000 });
  const watch = { signal: new AbortController().signal, report: () => undefined };
  await reboot(stage.target, { clients: stage.clients, remote, timeScale: 1_000 }, watch);
  expect(asked.count).toBe(5);
  expect(stage.called('RebootInstances').map((input) => input['InstanceId.1'])).toEqual([stage.target.instanceId]);
});
