/** SSM, as far as TAAF speaks to it: parameters, commands, sessions. */
import { attentive } from '../protocol/operation.js';
import { rpcService } from '../protocol/rpc.js';
import { jsonWire } from '../protocol/wire.js';
import type { Service } from '../service.js';
import type { SsmFleet } from './fleet.js';
import { describeInstanceInformation } from './information.js';
import { parameterOperations } from './parameters.js';
import { commandOperations } from './run-command.js';
import { sessionOperations } from './sessions.js';

export const ssmService = (fleet: SsmFleet): Service =>
  rpcService(fleet.world, {
    name: 'ssm',
    wire: jsonWire('AmazonSSM'),
    operations: [
      ...parameterOperations(fleet.world),
      describeInstanceInformation(fleet),
      ...commandOperations(fleet),
      ...sessionOperations(fleet),
    ].map(attentive),
  });
