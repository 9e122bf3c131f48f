/** S3 for the double: strict about names, parts, checksums and conditions, path style only. */
import { join } from 'node:path';
import type { Call, Service } from '../service.js';
import * as buckets from './buckets.js';
import { note, refuse, S3Error, type Exchange, type S3World } from './exchange.js';
import { listObjects } from './listing.js';
import * as multipart from './multipart.js';
import * as objects from './objects.js';
import type { S3Fault, S3Options } from './options.js';
import { s3State } from './state.js';

type Operation = readonly [action: string, run: (exchange: Exchange) => Promise<void> | void];

export function s3Service(world: S3World, options: S3Options = {}): Service {
  const state = options.state ?? s3State(join(world.folder, 's3'));
  return async (call) => {
    const { bucketName, key, query } = addressOf(call);
    const [action, run] = operationOf(call.request.method ?? '', bucketName, key, query);
    const fault = options.fault?.(call, action);
    const { headers } = call.request;
    const exchange: Exchange = { world, call, state, options, action, bucketName, key, query, headers, fault };
    try {
      if (fault?.kind === 'drop-before') {
        // Some of the body has been sent by then, as with a real reset.
        note(exchange, { code: 'ECONNRESET' });
        call.request.socket.resetAndDestroy();
        return;
      }
      if (fault?.kind === 'hang') {
        note(exchange, { code: 'hangs' });
        return;
      }
      const refusal = fault && refusalOf(fault);
      if (refusal) throw refusal;
      checkExpiry(query);
      await run(exchange);
    } catch (error) {
      // Whoever hung up wants no answer.
      if (call.request.socket.destroyed || call.response.headersSent) call.response.destroy();
      else refuse(exchange, error instanceof S3Error ? error : new S3Error(501, 'BugOfTheDouble', String(error)));
    }
  };
}

/** Read from the request as it was sent: a `URL` would resolve the dots in a key. */
function addressOf({ request }: Call): { bucketName: string; key: string; query: URLSearchParams } {
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const [, bucketName = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucketName, key: decodeURIComponent(key), query: new URLSearchParams(search) };
}

function operationOf(method: string, bucket: string, key: string, query: URLSearchParams): Operation {
  const found =
    bucket === '' ? account[method] : key === '' ? bucketOperation(method, query) : objectOperation(method, query);
  return (
    found ?? [
      'Unknown',
      () => {
        throw new S3Error(
          501,
          'NotImplemented',
          `${method} with ${[...query.keys()].join(' ')} is not known to the double`,
        );
      },
    ]
  );
}

const account: Readonly<Record<string, Operation>> = { GET: ['ListBuckets', buckets.listBuckets] };

function bucketOperation(method: string, query: URLSearchParams): Operation | undefined {
  const setting = Object.keys(buckets.settings).find((name) => query.has(name));
  if (setting !== undefined) {
    const name = `Bucket${setting.charAt(0).toUpperCase()}${setting.slice(1)}`;
    return (
      {
        GET: [`Get${name}`, (exchange) => buckets.getSetting(exchange, setting)],
        PUT: [`Put${name}`, (exchange) => buckets.putSetting(exchange, setting)],
        DELETE: [`Delete${name}`, (exchange) => buckets.deleteSetting(exchange, setting)],
      } satisfies Record<string, Operation>
    )[method];
  }
  switch (method) {
    case 'GET':
      if (query.has('location')) return ['GetBucketLocation', buckets.bucketLocation];
      if (query.has('uploads')) return ['ListMultipartUploads', multipart.listUploads];
      return query.get('list-type') === '2' ? ['ListObjectsV2', listObjects] : undefined;
    case 'PUT':
      return query.size === 0 || query.has('x-id') ? ['CreateBucket', buckets.createBucket] : undefined;
    case 'POST':
      return query.has('delete') ? ['DeleteObjects', objects.deleteObjects] : undefined;
    case 'HEAD':
      return ['HeadBucket', buckets.headBucket];
    case 'DELETE':
      return ['DeleteBucket', buckets.deleteBucket];
    default:
      return undefined;
  }
}

function objectOperation(method: string, query: URLSearchParams): Operation | undefined {
  if (query.has('tagging') || query.has('acl') || query.has('attributes')) return undefined;
  const isUpload = query.has('uploadId');
  switch (method) {
    case 'GET':
      return isUpload ? ['ListParts', multipart.listParts] : ['GetObject', objects.getObject];
    case 'HEAD':
      return ['HeadObject', objects.getObject];
    case 'PUT':
      return isUpload ? ['UploadPart', multipart.uploadPart] : ['PutObject', objects.putObject];
    case 'POST':
      if (query.has('uploads')) return ['CreateMultipartUpload', multipart.createUpload];
      return isUpload ? ['CompleteMultipartUpload', multipart.completeUpload] : undefined;
    case 'DELETE':
      return isUpload ? ['AbortMultipartUpload', multipart.abortUpload] : ['DeleteObject', objects.deleteObject];
    default:
      return undefined;
  }
}

function refusalOf({ kind, code, status }: S3Fault): S3Error | undefined {
  switch (kind) {
    case 'throttled':
      return new S3Error(503, 'SlowDown', 'Please reduce your request rate.');
    case 'denied':
      return new S3Error(403, 'AccessDenied', 'Access Denied');
    case 'error':
      return new S3Error(500, 'InternalError', 'We encountered an internal error. Please try again.');
    case 'expired':
      return new S3Error(400, 'ExpiredToken', 'The provided token has expired.');
    case 'code':
      return new S3Error(status ?? 400, code ?? 'InvalidRequest');
    default:
      return undefined;
  }
}

/** A presigned address is good for so many seconds after it was signed, by the clock of whoever signed. */
function checkExpiry(query: URLSearchParams): void {
  const seconds = query.get('X-Amz-Expires');
  if (seconds === null) return;
  const [, day = '', time = ''] = /^(\d{8})T(\d{6})Z$/.exec(query.get('X-Amz-Date') ?? '') ?? [];
  const iso = `${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`;
  if (!(Date.now() < Date.parse(iso) + Number(seconds) * 1000))
    throw new S3Error(403, 'AccessDenied', 'Request has expired');
}
