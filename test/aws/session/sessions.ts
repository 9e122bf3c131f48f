/** Session Manager of the double: what StartSession, ResumeSession and TerminateSession do, and the data channels behind them. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { openChannel, type Channel, type Shell } from './channel.js';

export interface SessionsOptions {
  /** Where the server listens: `ws://127.0.0.1:4566`. */
  readonly address: () => string;
  /** The shell of a machine; undefined when SSM does not reach it. */
  readonly shellOf: (instanceId: string) => Shell | undefined;
}

export interface StartedSession {
  readonly SessionId: string;
  readonly TokenValue: string;
  readonly StreamUrl: string;
}

export interface Sessions {
  /** `undefined`: TargetNotConnected. */
  readonly start: (instanceId: string) => StartedSession | undefined;
  /** `undefined`: DoesNotExistException. A session that was terminated is no more. */
  readonly resume: (sessionId: string) => StartedSession | undefined;
  /** Ending a session twice ends it once. */
  readonly terminate: (sessionId: string) => void;
  /** For the server's `upgrade` event; false when the address is no data channel's. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Sessions that are open. */
  readonly open: () => readonly string[];
  readonly close: () => void;
}

interface Session {
  readonly instanceId: string;
  readonly token: string;
  channel?: Channel;
}

const PATH = '/v1/data-channel/';

export function sessionManager({ address, shellOf }: SessionsOptions): Sessions {
  const sessions = new Map<string, Session>();
  const sockets = new WebSocketServer({ noServer: true });

  const told = (id: string, { token }: Session): StartedSession => ({
    SessionId: id,
    TokenValue: token,
    StreamUrl: `${address()}${PATH}${id}?role=publish_subscribe`,
  });

  function connect(socket: WebSocket, id: string): void {
    // The first message shows the token; nothing else opens a channel.
    socket.once('message', (data: Buffer, isBinary) => {
      const session = sessions.get(id);
      const shown = isBinary ? undefined : (JSON.parse(data.toString()) as { TokenValue?: string }).TokenValue;
      const shell = session && shellOf(session.instanceId);
      if (!session || !shell || shown !== session.token) {
        socket.close(4001, 'not allowed');
        return;
      }
      session.channel = openChannel(socket, id, shell, () => sessions.delete(id));
    });
  }

  return {
    start(instanceId) {
      if (!shellOf(instanceId)) return undefined;
      const id = `taaf-${randomBytes(9).toString('hex').slice(0, 17)}`;
      const session: Session = { instanceId, token: randomBytes(48).toString('base64') };
      sessions.set(id, session);
      return told(id, session);
    },
    resume(id) {
      const session = sessions.get(id);
      return session && told(id, session);
    },
    terminate(id) {
      sessions.get(id)?.channel?.close('terminated');
      sessions.delete(id);
    },
    upgrade(request, socket, head) {
      const path = new URL(request.url ?? '/', 'ws://here').pathname;
      if (!path.startsWith(PATH)) return false;
      sockets.handleUpgrade(request, socket, head, (opened) => connect(opened, path.slice(PATH.length)));
      return true;
    },
    open: () => [...sessions.keys()],
    close() {
      for (const { channel } of sessions.values()) channel?.close('the double ends');
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}
