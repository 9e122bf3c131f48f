/** What lies in the bucket: listed page by page, removed a thousand at a time. */
import { DeleteObjectCommand, DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { StoreKey } from '../../domain/ids.js';
import { isKey } from '../key.js';
import type { ObjectInfo } from '../port.js';
import { asked, s3Failure, type S3 } from './s3.js';

/** Objects under a prefix, under whatever name; `''` lists the bucket. One page at a time. */
export async function* pagesOf({ client, bucket }: S3, prefix: string): AsyncGenerator<ObjectInfo[]> {
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        // Names that XML cannot carry would break the whole listing.
        EncodingType: 'url',
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    yield (page.Contents ?? []).map(({ Key = '', Size = 0 }) => ({ key: decoded(Key), bytes: Size }));
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', '%20'));

/** What TAAF never named is left out: a listed key may become a path at home. */
export const listObjects = (s3: S3, prefix: StoreKey): Promise<ObjectInfo[]> =>
  asked(`${prefix} could not be listed`, async () => {
    const found: ObjectInfo[] = [];
    for await (const page of pagesOf(s3, prefix)) found.push(...page.filter(({ key }) => isKey(key)));
    return found;
  });

export const removeObject = ({ client, bucket }: S3, key: string): Promise<void> =>
  asked(`${key} could not be removed`, async () => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  });

/** Removes everything under a prefix, strange names too; `''` empties the bucket. */
export const removePrefix = (s3: S3, prefix: string): Promise<void> =>
  asked(`${prefix === '' ? s3.bucket : prefix} could not be removed`, async () => {
    for await (const page of pagesOf(s3, prefix)) {
      const keys = page.map(({ key }) => key);
      await removeBatch(s3, keys.filter(fitsXml));
      for (const key of keys.filter((name) => !fitsXml(name))) await removeObject(s3, key);
    }
  });

/** XML has no way to write most control characters. */
const fitsXml = (key: string): boolean => !/[\p{Cc}\uFFFE\uFFFF]/u.test(key);

async function removeBatch({ client, bucket }: S3, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const Objects = keys.map((Key) => ({ Key }));
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const [first] = Errors;
  if (!first) return;
  const { Key = '', Code = 'unknown', Message = '' } = first;
  // The answer is 200: the SDK takes it for a success.
  throw s3Failure(
    Object.assign(new Error(Message), { Code }),
    `${Errors.length} objects could not be removed, ${Key} first`,
  );
}
