/** Listings in key order, page by page. */
import { bucketOf, document, reply, S3Error, type Exchange } from './exchange.js';
import { element, escapeXml } from './xml.js';

/** S3 sorts keys by their UTF-8 bytes. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

export function listObjects(exchange: Exchange): void {
  const { query, bucketName, options } = exchange;
  const bucket = bucketOf(exchange);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : tokenKey(token);
  const limit = Math.min(Number(query.get('max-keys') ?? 1000), options.pageSize ?? 1000);
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : escapeXml;

  const lines: string[] = [];
  const folders = new Set<string>();
  let last = after;
  let isTruncated = false;
  for (const key of [...bucket.objects.keys()].sort(byBytes)) {
    if (!key.startsWith(prefix) || byBytes(key, after) <= 0) continue;
    const folder = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = folder < 0 ? undefined : key.slice(0, folder + delimiter.length);
    if (common !== undefined && (folders.has(common) || after.startsWith(common))) continue;
    if (lines.length >= limit) {
      isTruncated = true;
      break;
    }
    last = key;
    if (common === undefined) lines.push(contents(exchange, key, encode));
    else {
      folders.add(common);
      lines.push(element('CommonPrefixes', element('Prefix', encode(common))));
      last = `${common}\uffff`;
    }
  }
  const head =
    element('Name', bucketName) +
    element('Prefix', encode(prefix)) +
    element('MaxKeys', limit) +
    (delimiter === '' ? '' : element('Delimiter', encode(delimiter))) +
    (query.has('encoding-type') ? element('EncodingType', 'url') : '') +
    element('KeyCount', lines.length) +
    element('IsTruncated', isTruncated) +
    (token === null ? '' : element('ContinuationToken', token)) +
    (isTruncated ? element('NextContinuationToken', Buffer.from(last).toString('base64url')) : '');
  reply(exchange, 200, {}, document('ListBucketResult', head + lines.join('')));
}

function contents(exchange: Exchange, key: string, encode: (text: string) => string): string {
  const object = bucketOf(exchange).objects.get(key);
  if (!object) return '';
  return element(
    'Contents',
    element('Key', encode(key)) +
      element('LastModified', object.modified.toISOString()) +
      element('ETag', escapeXml(object.etag)) +
      element('ChecksumAlgorithm', 'CRC64NVME') +
      element('ChecksumType', 'FULL_OBJECT') +
      element('Size', object.bytes) +
      element('StorageClass', 'STANDARD'),
  );
}

function tokenKey(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8');
  if (Buffer.from(key).toString('base64url') !== token)
    throw new S3Error(400, 'InvalidArgument', 'The continuation token provided is incorrect');
  return key;
}
