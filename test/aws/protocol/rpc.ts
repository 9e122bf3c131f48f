/** A service of named actions (all but S3): reads a call, does what scripts say, runs the action, answers in the service's protocol. */
import { randomUUID } from 'node:crypto';
import type { Call, Service, World } from '../service.js';
import { AwsError } from './error.js';
import type { Operation } from './operation.js';
import type { Wire } from './wire.js';

export interface RpcOptions {
  readonly name: string;
  readonly wire: Wire;
  readonly operations: readonly Operation[];
}

export function rpcService(world: World, { name, wire, operations }: RpcOptions): Service {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  return async (call) => {
    const requestId = randomUUID();
    const body = await textOf(call);
    const action = wire.action(call, body);
    const note = (details: Record<string, unknown>) =>
      world.journal({ kind: 'call', service: name, action, caller: world.caller(call.accessKey).arn, ...details });
    let input: unknown;
    try {
      const operation = byName.get(action);
      if (operation === undefined)
        throw new AwsError(wire.codes.unknownAction, `The action ${action} is not known to the double`);
      const fault = world.fault(call, action);
      if (fault?.kind === 'drop-before') {
        note({ dropped: true, code: 'ECONNRESET' });
        drop(call);
        return;
      }
      if (fault !== undefined) refuse(fault, wire);
      input = wire.decode(operation.input, body);
      const answer = await operation.run(input, { world, call, fault });
      note({ input, ...(fault?.kind === 'drop-after' ? { dropped: true } : {}) });
      if (fault?.kind === 'drop-after') drop(call);
      else send(call, 200, wire.encode(operation, answer, requestId), wire.contentType, requestId);
    } catch (thrown) {
      // What the double itself gets wrong must not look like weather of the network: 501 is retried by nobody.
      const error =
        thrown instanceof AwsError ? thrown : new AwsError('DoubleIsBroken', String((thrown as Error).stack), 501);
      note({ ...(input === undefined ? {} : { input }), code: error.code, message: error.message });
      const headers = wire.errorHeaders(error);
      send(call, error.status, wire.encodeError(error, requestId), wire.contentType, requestId, headers);
    }
  };
}

function refuse(fault: { kind: string; code?: string; status?: number }, { codes }: Wire): void {
  switch (fault.kind) {
    case 'throttled':
      throw new AwsError(codes.throttled, 'Rate exceeded', codes.throttledStatus);
    case 'denied':
      throw new AwsError(codes.denied, 'You are not authorized to perform this operation.', codes.deniedStatus);
    case 'expired':
      throw new AwsError(codes.expired, 'The security token included in the request is expired', codes.expiredStatus);
    case 'error':
      throw new AwsError(codes.internal, 'An internal error has occurred', 500);
    case 'code':
      throw new AwsError(fault.code ?? codes.internal, 'As the script says', fault.status ?? 400);
    default:
  }
}

/** Ends a connection as a broken network does: with a reset instead of an answer. */
export function drop(call: Call): void {
  call.request.socket.resetAndDestroy();
}

function send(
  { response }: Call,
  status: number,
  body: string,
  contentType: string,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': contentType, 'x-amzn-requestid': requestId, ...headers }).end(body);
}

async function textOf({ request }: Call): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
