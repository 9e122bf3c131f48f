/** The whole double: all services in one world, with buckets, stacks, rights, and sessions into its machines. */
import { join } from 'node:path';
import { cloudFormationService } from './cloudformation/service.js';
import { startDouble, type AwsDouble, type DoubleOptions } from './double.js';
import { iamService } from './iam/service.js';
import type { PolicyDocument } from './iam/simulate.js';
import { s3Service } from './s3/service.js';
import { s3State, type S3State } from './s3/state.js';
import { sessionManager } from './session/sessions.js';

export interface WholeDouble extends AwsDouble {
  readonly s3: S3State;
  /** Policies by principal: without one it may do everything. */
  readonly policies: Map<string, PolicyDocument>;
}

export async function startWholeDouble(options: DoubleOptions = {}): Promise<WholeDouble> {
  const policies = new Map<string, PolicyDocument>();
  let s3: S3State | undefined;
  const double = await startDouble({
    ...options,
    services: {
      s3: (world) => {
        s3 = s3State(world.folder);
        return s3Service(world, { state: s3, fault: world.fault });
      },
      cloudformation: cloudFormationService,
      iam: (world) => iamService(world, policies),
    },
    sessions: (world) =>
      sessionManager({
        address: () => world.url().replace(/^http/, 'ws'),
        shellOf: (id) => {
          const machine = world.machine(id);
          return machine && { argv: ['sh'], cwd: join(machine.folder, 'home'), env: machine.environment };
        },
      }),
  });
  if (s3 === undefined) throw new Error('the double has no S3');
  return { ...double, s3, policies };
}
