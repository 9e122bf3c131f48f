/** Uploads in parts, as strict as S3: order, sizes, ETags and the checksum of the whole are checked at the end. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { storeBody, textBody } from './body.js';
import { checksumNames, digest } from './checksums.js';
import { bucketOf, document, errorDocument, note, reply, requestIds, S3Error, type Exchange } from './exchange.js';
import { metadataOf, place } from './objects.js';
import type { Bucket, Piece, Upload } from './state.js';
import { element, escapeXml, insides, textOf } from './xml.js';

const MIN_PART = 5 * 2 ** 20;
const MAX_PARTS = 10_000;

export function createUpload(exchange: Exchange): void {
  const { key, headers, bucketName } = exchange;
  const bucket = bucketOf(exchange);
  const wanted = headers['x-amz-checksum-algorithm'];
  const algorithm = checksumNames.find((name) => name === String(wanted).toLowerCase());
  if (wanted !== undefined && algorithm === undefined) throw new S3Error(400, 'InvalidRequest', 'Checksum algorithm');
  const type = headers['x-amz-checksum-type'];
  if (type === 'FULL_OBJECT' && (algorithm === undefined || algorithm.startsWith('sha')))
    throw new S3Error(400, 'InvalidRequest', `The FULL_OBJECT checksum type cannot be used with ${String(wanted)}`);
  const upload: Upload = {
    id: randomUUID(),
    key,
    initiated: new Date(),
    metadata: metadataOf(exchange),
    contentType: headers['content-type'] ?? 'application/octet-stream',
    ...(algorithm === undefined ? {} : { algorithm }),
    fullObject: algorithm === undefined || algorithm === 'crc64nvme' || type === 'FULL_OBJECT',
    parts: new Map(),
  };
  bucket.uploads.set(upload.id, upload);
  const checksum = algorithm === undefined ? {} : { 'x-amz-checksum-algorithm': algorithm.toUpperCase() };
  reply(
    exchange,
    200,
    { ...checksum, ...typeOf(upload) },
    document('InitiateMultipartUploadResult', inBucket(bucketName, key) + element('UploadId', upload.id)),
  );
}

const inBucket = (bucket: string, key: string): string => element('Bucket', bucket) + element('Key', escapeXml(key));

const typeOf = ({ fullObject }: Upload) => ({ 'x-amz-checksum-type': fullObject ? 'FULL_OBJECT' : 'COMPOSITE' });

function uploadOf(exchange: Exchange, bucket: Bucket): Upload {
  const upload = bucket.uploads.get(exchange.query.get('uploadId') ?? '');
  if (upload?.key !== exchange.key) throw new S3Error(404, 'NoSuchUpload', 'The specified upload does not exist.');
  return upload;
}

export async function uploadPart(exchange: Exchange): Promise<void> {
  const { query, headers, state } = exchange;
  const bucket = bucketOf(exchange);
  const upload = uploadOf(exchange, bucket);
  const number = Number(query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS)
    throw new S3Error(400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  const sent = checksumNames.find((name) => headers[`x-amz-checksum-${name}`] !== undefined);
  if (sent !== undefined && sent !== upload.algorithm)
    throw new S3Error(400, 'InvalidRequest', 'Checksum Type mismatch occurred');
  const piece = await storeBody(exchange);
  if (!bucket.uploads.has(upload.id)) {
    await state.forget([piece]);
    throw new S3Error(404, 'NoSuchUpload');
  }
  const old = upload.parts.get(number);
  upload.parts.set(number, piece);
  if (old) await state.forget([old]);
  reply(exchange, 200, {
    etag: `"${piece.md5}"`,
    ...(sent === 'crc64nvme' ? { 'x-amz-checksum-crc64nvme': piece.crc64nvme } : {}),
  });
}

export function listParts(exchange: Exchange): void {
  const { query, bucketName, key, options } = exchange;
  const upload = uploadOf(exchange, bucketOf(exchange));
  const after = Number(query.get('part-number-marker') ?? 0);
  const limit = Math.min(Number(query.get('max-parts') ?? 1000), options.pageSize ?? 1000);
  const parts = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
  const page = parts.slice(0, limit);
  const lines = page.map(([number, piece]) =>
    element(
      'Part',
      element('PartNumber', number) +
        element('LastModified', new Date().toISOString()) +
        element('ETag', `&quot;${piece.md5}&quot;`) +
        (upload.algorithm === 'crc64nvme' ? element('ChecksumCRC64NVME', piece.crc64nvme) : '') +
        element('Size', piece.bytes),
    ),
  );
  const head =
    inBucket(bucketName, key) +
    element('UploadId', upload.id) +
    element('PartNumberMarker', after) +
    element('NextPartNumberMarker', page.at(-1)?.[0] ?? 0) +
    element('MaxParts', limit) +
    element('IsTruncated', page.length < parts.length);
  reply(exchange, 200, {}, document('ListPartsResult', head + lines.join('')));
}

export function listUploads(exchange: Exchange): void {
  const { query, bucketName, options } = exchange;
  const bucket = bucketOf(exchange);
  const prefix = query.get('prefix') ?? '';
  const marker = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''] as const;
  const limit = Math.min(Number(query.get('max-uploads') ?? 1000), options.pageSize ?? 1000);
  const order = (a: Upload, b: Upload): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id < b.id ? -1 : 1);
  const isAfter = ({ key, id }: Upload): boolean =>
    key > marker[0] || (key === marker[0] && marker[1] !== '' && id > marker[1]);
  const found = [...bucket.uploads.values()]
    .filter((upload) => upload.key.startsWith(prefix) && isAfter(upload))
    .sort(order);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const lines = page.map((upload) =>
    element(
      'Upload',
      element('Key', escapeXml(upload.key)) +
        element('UploadId', upload.id) +
        element('Initiated', upload.initiated.toISOString()) +
        (upload.algorithm === undefined ? '' : element('ChecksumAlgorithm', upload.algorithm.toUpperCase())) +
        element('ChecksumType', upload.fullObject ? 'FULL_OBJECT' : 'COMPOSITE'),
    ),
  );
  const head =
    element('Bucket', bucketName) +
    element('KeyMarker', escapeXml(marker[0])) +
    element('UploadIdMarker', marker[1]) +
    element('NextKeyMarker', escapeXml(last?.key ?? '')) +
    element('NextUploadIdMarker', last?.id ?? '') +
    element('MaxUploads', limit) +
    element('IsTruncated', page.length < found.length);
  reply(exchange, 200, {}, document('ListMultipartUploadsResult', head + lines.join('')));
}

export async function abortUpload(exchange: Exchange): Promise<void> {
  const bucket = bucketOf(exchange);
  const upload = uploadOf(exchange, bucket);
  bucket.uploads.delete(upload.id);
  await exchange.state.forget(upload.parts.values());
  reply(exchange, 204);
}

export async function completeUpload(exchange: Exchange): Promise<void> {
  const { fault, call, headers, key, bucketName } = exchange;
  const bucket = bucketOf(exchange);
  const xml = await textBody({ ...exchange, headers: { ...headers, ...withoutChecksums } });
  const upload = uploadOf(exchange, bucket);
  const pieces = chosenPieces(exchange, upload, xml);
  if (fault?.kind === 'late-error') {
    note(exchange, { status: 200, code: 'InternalError' });
    call.response.writeHead(200, { ...requestIds(), 'content-type': 'application/xml' });
    call.response.end(errorDocument(new S3Error(500, 'InternalError', 'We encountered an internal error.'), exchange));
    return;
  }
  const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
  const said = headers['x-amz-mp-object-size'];
  if (said !== undefined && Number(said) !== bytes)
    throw new S3Error(400, 'InvalidRequest', `The size is ${bytes} bytes, not ${String(said)}`);
  const crc64nvme = await wholeChecksum(pieces);
  const promised = headers['x-amz-checksum-crc64nvme'];
  if (promised !== undefined && promised !== crc64nvme)
    throw new S3Error(400, 'BadDigest', 'The checksum of the whole object did not match');
  const etag = `"${createHash('md5')
    .update(Buffer.from(pieces.map(({ md5 }) => md5).join(''), 'hex'))
    .digest('hex')}-${pieces.length}"`;
  if (!bucket.uploads.delete(upload.id)) throw new S3Error(404, 'NoSuchUpload');
  const { metadata, contentType } = upload;
  await place(exchange, bucket, { pieces, bytes, etag, crc64nvme, modified: new Date(), metadata, contentType });
  await exchange.state.forget([...upload.parts.values()].filter((piece) => !pieces.includes(piece)));
  const checksum = element('ChecksumCRC64NVME', crc64nvme) + element('ChecksumType', 'FULL_OBJECT');
  reply(
    exchange,
    200,
    {},
    document(
      'CompleteMultipartUploadResult',
      element('Location', '') + inBucket(bucketName, key) + element('ETag', escapeXml(etag)) + checksum,
    ),
  );
}

/** The checksum in the headers of CompleteMultipartUpload is the object's, not the list's. */
const withoutChecksums = Object.fromEntries(checksumNames.map((name) => [`x-amz-checksum-${name}`, undefined]));

function chosenPieces({ options }: Exchange, upload: Upload, xml: string): Piece[] {
  const parts = insides(xml, 'Part').map((inside) => ({
    number: Number(textOf(inside, 'PartNumber')),
    etag: (textOf(inside, 'ETag') ?? '').replaceAll('"', ''),
    crc64nvme: textOf(inside, 'ChecksumCRC64NVME'),
  }));
  if (parts.length === 0) throw new S3Error(400, 'MalformedXML', 'The XML you provided was not well-formed');
  if (parts.some(({ number }, at) => number <= (parts[at - 1]?.number ?? 0)))
    throw new S3Error(400, 'InvalidPartOrder');
  return parts.map(({ number, etag, crc64nvme }, at) => {
    const piece = upload.parts.get(number);
    if (!piece || piece.md5 !== etag || (crc64nvme !== undefined && piece.crc64nvme !== crc64nvme))
      throw new S3Error(400, 'InvalidPart', `Part ${number} could not be found, or is another`);
    if (at < parts.length - 1 && piece.bytes < (options.minPartBytes ?? MIN_PART))
      throw new S3Error(400, 'EntityTooSmall', `Part ${number} is smaller than the minimum allowed size`);
    return piece;
  });
}

/** Read anew from all bytes: what was stored is what counts, not what was told. */
async function wholeChecksum(pieces: readonly Piece[]): Promise<string> {
  const whole = await digest('crc64nvme');
  for (const { path } of pieces)
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) whole.update(chunk as Buffer);
  return whole.end();
}
