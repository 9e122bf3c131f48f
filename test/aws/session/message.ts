/** Messages of the data channel of Session Manager: a binary header of fixed places, then the payload. */
import { createHash, randomUUID } from 'node:crypto';

export type MessageType = 'input_stream_data' | 'output_stream_data' | 'acknowledge' | 'channel_closed';

/** Kinds of payload that a shell session knows. */
export const payloads = {
  output: 1,
  size: 3,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  flag: 10,
};

export interface Message {
  readonly type: MessageType;
  readonly sequence: number;
  readonly id: string;
  readonly payloadType: number;
  readonly payload: Buffer;
}

/** Where each field begins; the length of the header itself does not count the payload's length. */
const at = {
  length: 0,
  type: 4,
  schema: 36,
  created: 40,
  sequence: 48,
  flags: 56,
  id: 64,
  digest: 80,
  payloadType: 112,
  payloadLength: 116,
  payload: 120,
};

export function encode({ type, sequence, payloadType, payload }: Omit<Message, 'id'>, now: number): Buffer {
  const bytes = Buffer.alloc(at.payload + payload.length);
  bytes.writeUInt32BE(at.payloadLength, at.length);
  bytes.fill(' ', at.type, at.schema).write(type, at.type);
  bytes.writeUInt32BE(1, at.schema);
  bytes.writeBigUInt64BE(BigInt(now), at.created);
  bytes.writeBigInt64BE(BigInt(sequence), at.sequence);
  bytes.writeBigUInt64BE(type === 'acknowledge' ? 3n : 0n, at.flags);
  swapped(Buffer.from(randomUUID().replaceAll('-', ''), 'hex')).copy(bytes, at.id);
  digestOf(payload).copy(bytes, at.digest);
  bytes.writeUInt32BE(payloadType, at.payloadType);
  bytes.writeUInt32BE(payload.length, at.payloadLength);
  payload.copy(bytes, at.payload);
  return bytes;
}

/** @throws Error for what is no message, or was damaged on its way */
export function decode(bytes: Buffer): Message {
  if (bytes.length < at.payload || bytes.readUInt32BE(at.length) !== at.payloadLength)
    throw new Error('no message of the data channel');
  const payload = bytes.subarray(at.payload);
  if (payload.length !== bytes.readUInt32BE(at.payloadLength))
    throw new Error('a message of another length than it says');
  if (!digestOf(payload).equals(bytes.subarray(at.digest, at.payloadType))) throw new Error('a damaged message');
  return {
    type: bytes.toString('utf8', at.type, at.schema).replace(/[\0 ]+$/, '') as MessageType,
    sequence: Number(bytes.readBigInt64BE(at.sequence)),
    id: uuidOf(swapped(bytes.subarray(at.id, at.digest))),
    payloadType: bytes.readUInt32BE(at.payloadType),
    payload,
  };
}

const digestOf = (payload: Buffer): Buffer => createHash('sha256').update(payload).digest();

/** An id's second half goes first. */
const swapped = (id: Buffer): Buffer => Buffer.concat([id.subarray(8), id.subarray(0, 8)]);

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
