/** One request to the S3 double with its answer: what every operation is given, and the only way it answers. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Call, World } from '../service.js';
import type { S3Fault, S3Options } from './options.js';
import type { Bucket, S3State } from './state.js';
import { element, escapeXml } from './xml.js';

/** What of the double's world concerns S3. */
export type S3World = Pick<World, 'account' | 'folder' | 'journal'>;

export interface Exchange {
  readonly world: S3World;
  readonly call: Call;
  readonly state: S3State;
  readonly options: S3Options;
  readonly action: string;
  readonly bucketName: string;
  /** Decoded, exactly as it was sent: dots stay dots. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly fault: S3Fault | undefined;
}

/** What S3 answers when it refuses. */
export class S3Error extends Error {
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message = code, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The bucket, if it is there, ours and of the region that the request was signed for. */
export function bucketOf({ state, world, bucketName, call, headers }: Exchange): Bucket {
  const bucket = state.buckets.get(bucketName);
  if (!bucket) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
  const expected = headers['x-amz-expected-bucket-owner'];
  if (bucket.owner !== world.account || (expected !== undefined && expected !== bucket.owner))
    throw new S3Error(403, 'AccessDenied', 'Access Denied');
  if (bucket.region !== call.region)
    throw new S3Error(301, 'PermanentRedirect', 'The bucket must be addressed at its own endpoint', {
      'x-amz-bucket-region': bucket.region,
    });
  return bucket;
}

export const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** An answer's body: `<name xmlns=…>content</name>`. */
export const document = (name: string, content: string): string =>
  `${xmlHead}<${name} ${NAMESPACE}>${content}</${name}>`;

/** Answers, unless a script loses the answer: then the connection is reset although the effect is there. */
export function reply(
  exchange: Exchange,
  status: number,
  headers: Readonly<Record<string, string | number>> = {},
  body = '',
): void {
  const { response, request } = exchange.call;
  note(exchange, { status });
  if (exchange.fault?.kind === 'drop-after') {
    request.socket.resetAndDestroy();
    return;
  }
  const type = body === '' ? {} : { 'content-type': 'application/xml' };
  response.writeHead(status, { ...requestIds(), ...type, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Answers with an error document; a HEAD has none. */
export function refuse(exchange: Exchange, error: S3Error): void {
  const { response, request } = exchange.call;
  note(exchange, { status: error.status, code: error.code });
  const body = errorDocument(error, exchange);
  // The rest of a body that nobody reads would be taken for the next request.
  const close = request.complete ? {} : { connection: 'close' };
  response.writeHead(error.status, {
    ...requestIds(),
    ...close,
    'content-type': 'application/xml',
    ...error.headers,
    ...(request.method === 'HEAD' || error.status === 304 ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(request.method === 'HEAD' || error.status === 304 ? undefined : body);
}

export const errorDocument = ({ code, message }: S3Error, { bucketName, key }: Exchange): string =>
  xmlHead +
  element(
    'Error',
    element('Code', code) +
      element('Message', escapeXml(message)) +
      element('BucketName', escapeXml(bucketName)) +
      (key === '' ? '' : element('Key', escapeXml(key))) +
      element('RequestId', randomUUID()),
  );

export const requestIds = () => ({ 'x-amz-request-id': randomUUID(), 'x-amz-id-2': randomUUID() });

/** Writes the call down, with what came of it. */
export function note({ world, action, bucketName, key, query, fault, call }: Exchange, outcome: object): void {
  world.journal({
    kind: 'call',
    service: 's3',
    action,
    accessKey: call.accessKey,
    bucket: bucketName,
    ...(key === '' ? {} : { key }),
    ...(query.has('partNumber') ? { part: Number(query.get('partNumber')) } : {}),
    ...(fault === undefined ? {} : { fault: fault.kind }),
    ...(fault?.kind === 'drop-after' ? { dropped: true } : {}),
    ...outcome,
  });
}
