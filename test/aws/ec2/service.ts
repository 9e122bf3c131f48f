/** EC2, as far as TAAF speaks to it. */
import { attentive } from '../protocol/operation.js';
import { rpcService } from '../protocol/rpc.js';
import { ec2Wire } from '../protocol/wire.js';
import type { Service } from '../service.js';
import type { Account } from './account.js';
import { describeInstanceAttribute, describeInstances, describeInstanceStatus } from './describe-instances.js';
import { rebootInstances, startInstances, stopInstances, terminateInstances } from './end-instances.js';
import { leftoverOperations } from './leftovers.js';
import { networkOperations } from './network.js';
import { offerOperations } from './offers.js';
import { runInstances } from './run-instances.js';
import { createTags, describeTags } from './tags.js';

export const ec2Service = (account: Account): Service =>
  rpcService(account.world, {
    name: 'ec2',
    wire: ec2Wire('2016-11-15'),
    operations: [
      runInstances(account),
      describeInstances(account),
      describeInstanceStatus(account),
      describeInstanceAttribute(account),
      terminateInstances(account),
      stopInstances(account),
      startInstances(account),
      rebootInstances(account),
      createTags(account),
      describeTags(account),
      ...leftoverOperations(account),
      ...networkOperations(account.world),
      ...offerOperations(account.world),
    ].map(attentive),
  });
