/** STS: who am I. */
import {
  GetCallerIdentity$,
  type GetCallerIdentityCommandInput,
  type GetCallerIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { operation } from './protocol/operation.js';
import { rpcService } from './protocol/rpc.js';
import { queryWire } from './protocol/wire.js';
import type { Service, World } from './service.js';

export const stsService = (world: World): Service =>
  rpcService(world, {
    name: 'sts',
    wire: queryWire('2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/'),
    operations: [
      operation<GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput>(
        GetCallerIdentity$,
        (_input, { call }) => ({
          Account: world.account,
          Arn: world.caller(call.accessKey).arn,
          UserId: call.accessKey,
        }),
      ),
    ],
  });
