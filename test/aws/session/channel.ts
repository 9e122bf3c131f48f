/** The machine's end of one data channel: what is typed goes to a shell, what the shell shows goes back, both in order and acknowledged. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { WebSocket } from 'ws';
import { decode, encode, payloads, type Message } from './message.js';
import { TERMINAL } from './terminal.js';

export interface Shell {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A version whose plugin and agent speak the handshake. */
const AGENT_VERSION = '3.3.3270.0';
const PAYLOAD_BYTES = 1024;
const RESEND_MS = 200;

export interface Channel {
  readonly close: (why: string) => void;
}

/** @param onEnd called once when the session is over */
export function openChannel(socket: WebSocket, session: string, shell: Shell, onEnd: () => void): Channel {
  const [program, ...args] = ['python3', '-c', TERMINAL, ...shell.argv];
  const unacknowledged = new Map<number, Buffer>();
  const early = new Map<number, Message>();
  let child: ChildProcess | undefined;
  let sent = 0;
  let expected = 0;

  const send = (payloadType: number, payload: Buffer | object) => {
    const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
    const message = encode({ type: 'output_stream_data', sequence: sent, payloadType, payload: bytes }, Date.now());
    unacknowledged.set(sent, message);
    sent += 1;
    socket.send(message);
  };
  // The plugin acknowledges nothing before its own handler is there.
  const resend = setInterval(() => unacknowledged.forEach((message) => socket.send(message)), RESEND_MS);

  const start = () => {
    child = spawn(program, args, { ...shell, detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout?.on('data', (shown: Buffer) => {
      for (let from = 0; from < shown.length; from += PAYLOAD_BYTES)
        send(payloads.output, shown.subarray(from, from + PAYLOAD_BYTES));
    });
    child.once('exit', () => close('the shell ended'));
  };

  const receive = ({ payloadType, payload }: Message) => {
    if (payloadType === payloads.handshakeResponse) {
      send(payloads.handshakeComplete, { HandshakeTimeToComplete: 1_000_000, CustomerMessage: '' });
      start();
    } else if (payloadType === payloads.output) child?.stdin?.write(payload);
    else if (payloadType === payloads.flag) close('terminated');
  };

  const close = (why: string) => {
    if (socket.readyState === socket.OPEN) {
      const payload = Buffer.from(
        JSON.stringify({ MessageType: 'channel_closed', SchemaVersion: 1, SessionId: session, Output: why }),
      );
      socket.send(encode({ type: 'channel_closed', sequence: sent, payloadType: 0, payload }, Date.now()));
    }
    socket.close();
  };

  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return;
    const message = decode(data);
    if (message.type === 'acknowledge') {
      const { AcknowledgedMessageSequenceNumber } = JSON.parse(message.payload.toString()) as Record<string, number>;
      unacknowledged.delete(AcknowledgedMessageSequenceNumber ?? -1);
      return;
    }
    if (message.type !== 'input_stream_data') throw new Error(`the plugin sent ${message.type}`);
    acknowledge(socket, message);
    // It resends what it thinks is lost.
    if (message.sequence >= expected) early.set(message.sequence, message);
    for (let next = early.get(expected); next !== undefined; next = early.get(expected)) {
      early.delete(expected);
      expected += 1;
      receive(next);
    }
  });
  socket.once('close', () => {
    clearInterval(resend);
    child?.stdin?.end();
    onEnd();
  });

  const action = { ActionType: 'SessionType', ActionParameters: { SessionType: 'Standard_Stream', Properties: null } };
  send(payloads.handshakeRequest, { AgentVersion: AGENT_VERSION, RequestedClientActions: [action] });
  return { close };
}

function acknowledge(socket: WebSocket, { type, id, sequence }: Message): void {
  const payload = Buffer.from(
    JSON.stringify({
      AcknowledgedMessageType: type,
      AcknowledgedMessageId: id,
      AcknowledgedMessageSequenceNumber: sequence,
      IsSequentialMessage: true,
    }),
  );
  socket.send(encode({ type: 'acknowledge', sequence: 0, payloadType: 0, payload }, Date.now()));
}
