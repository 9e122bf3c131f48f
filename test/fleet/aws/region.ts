/** A region of the double with an installation in it, and a fleet that works there. */
import { onTestFinished } from 'vitest';
import { instanceProfileName, securityGroupName } from '../../../src/aws/names.js';
import type { MachineOrder } from '../../../src/domain/aws.js';
import { startDouble, type AwsDouble, type DoubleOptions } from '../../aws/double.js';
import { temporaryFolder } from '../../helpers/folder.js';
import { anOrder, fleetIn, INSTALL, SCALE, type FleetWithAll } from './fleet.js';

export interface Region extends FleetWithAll {
  readonly double: AwsDouble;
  readonly folder: string;
}

/** What `taaf aws init` makes. */
export function initialise({ world }: AwsDouble, install = INSTALL): void {
  world.resources.set(instanceProfileName(install, world.region), {
    type: 'AWS::IAM::InstanceProfile',
    properties: {},
  });
  world.resources.set(`sg-${install}`, {
    type: 'AWS::EC2::SecurityGroup',
    properties: { GroupName: securityGroupName(install) },
  });
}

export async function region(options: DoubleOptions = {}, order: Partial<MachineOrder> = {}): Promise<Region> {
  const double = await startDouble({ timeScale: SCALE, machines: 'virtual', ...options });
  onTestFinished(() => double.stop());
  initialise(double);
  Object.assign(process.env, double.environment);
  const folder = await temporaryFolder();
  const made = fleetIn(folder, { ...anOrder, ...order });
  return { double, folder, ...made };
}
