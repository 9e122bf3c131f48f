/** The HTTP server of the double: reads whose request it is, and gives it to the service. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Service } from './service.js';
import { scopeOf } from './signature.js';

export interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface Routes {
  readonly services: ReadonlyMap<string, Service>;
  /** What is asked of the double itself, under `/_double/`. */
  readonly control: (url: URL, request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly now: () => number;
  /** Whether the clock runs faster than ours. */
  readonly fast: boolean;
  /** Takes a web socket, or says that it is none of its own. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}

/** Binds 127.0.0.1; port 0 takes a free one. */
export async function listen(port: number, routes: Routes): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(routes, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(501, { 'content-type': 'text/plain' }).end(`the double is broken: ${String(error)}`);
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (!routes.upgrade(request, socket, head)) socket.destroy();
  });
  // A machine's upload may be slow, and a laptop may sleep.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => close(server),
  };
}

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse) {
  const { services, control } = routes;
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
  if (url.pathname.startsWith('/_double/')) {
    await control(url, request, response);
    return;
  }
  datedBy(response, routes);
  const scope = scopeOf(request, url);
  if (scope === undefined) {
    refuse(request, response, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
    return;
  }
  const service = services.get(scope.service);
  if (service === undefined) {
    refuse(request, response, 'UnknownService', `The double has no service ${scope.service}`);
    return;
  }
  await service({ ...scope, url, request, response });
}

/**
 * Answers carry the time of AWS, which is not ours. Refusals carry none where the clock runs fast: to the SDK it looks wrong each time, and it
 * tries again whatever was refused by a server that has just taught it the time.
 */
function datedBy(response: ServerResponse, { now, fast }: Routes): void {
  response.setHeader('date', new Date(now()).toUTCString());
  if (!fast) return;
  const write = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (status >= 400) {
      response.removeHeader('date');
      response.sendDate = false;
    }
    return write(status, ...rest);
  };
}

function refuse({ headers }: IncomingMessage, response: ServerResponse, code: string, message: string): void {
  if (headers['x-amz-target'] === undefined)
    response
      .writeHead(403, { 'content-type': 'text/xml' })
      .end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
  else
    response
      .writeHead(403, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code })
      .end(JSON.stringify({ __type: code, message }));
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeAllConnections();
  await closed;
}
