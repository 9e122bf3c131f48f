/** The computer that launched a machine never comes back: the machine ends by its own first lines, whatever it boots in between (E46). */
import { describe, expect, it } from 'vitest';
import type { MachineSystem } from '../../../src/domain/aws.js';
import { until } from '../../helpers/until.js';
import { ref, WINDOWS_IMAGE } from './fleet.js';
import { region } from './region.js';

const MINUTE = 60_000;
/** Images of the double. */
const IMAGES = { windows: WINDOWS_IMAGE, linux: 'ami-0d0b1e0000000d1ba' };

async function machineOf(system: MachineSystem, machines: 'virtual' | 'real', deadlineMinutes: number) {
  const own = { system, deadlineSeconds: deadlineMinutes * 60, image: IMAGES[system] };
  const here = await region({ machines }, own);
  await here.fleet.launch(ref(), here.watch);
  const [machine] = here.double.instances();
  if (!machine) throw new Error('nothing was launched');
  return { ...here, machine };
}

describe.each(['windows', 'linux'] as const)('a machine of %s that nobody comes back to', (system) => {
  it('ends 45 minutes after its boot', async () => {
    const { double, machine } = await machineOf(system, 'virtual', 36 * 60);
    await double.advance(40 * MINUTE);
    expect(machine.state).toBe('running');
    await double.advance(12 * MINUTE);
    expect([machine.state, machine.reason?.Code]).toEqual(['terminated', 'Client.InstanceInitiatedShutdown']);
  });

  it('has its timer again after a reboot, and no reboot moves its deadline', async () => {
    const { double, machine } = await machineOf(system, 'virtual', 100);
    for (const minutes of [40, 40]) {
      await double.advance(minutes * MINUTE);
      expect(machine.state).toBe('running');
      double.account.instances.reboot(machine);
    }
    // 80 minutes have gone: the boot's timer would wait until 125, the deadline is at 100.
    await double.advance(30 * MINUTE);
    expect(machine.state).toBe('terminated');
  });
});

describe('the first lines of a Linux machine', () => {
  it('run in its shell and set the timer', async () => {
    const { double, machine } = await machineOf('linux', 'real', 36 * 60);
    await until(() => double.journal.events.some(({ kind }) => kind === 'shutdown-armed'));
    await double.advance(60 * MINUTE);
    await until(() => machine.state === 'terminated');
    expect(machine.reason?.Code).toBe('Client.InstanceInitiatedShutdown');
  });
});
