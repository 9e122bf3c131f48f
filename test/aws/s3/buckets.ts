/** Buckets and their settings. */
import { textBody } from './body.js';
import { bucketOf, document, reply, S3Error, type Exchange } from './exchange.js';
import { addBucket } from './state.js';
import { element, insides, textOf } from './xml.js';

const NAME =
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias|--ol-s3|--x-s3|\.mrap)$/;

export async function createBucket(exchange: Exchange): Promise<void> {
  const { state, world, bucketName: name, call } = exchange;
  const xml = await textBody(exchange);
  if (!NAME.test(name) || name.includes('..'))
    throw new S3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.');
  const wanted = textOf(xml, 'LocationConstraint');
  if (wanted === 'us-east-1')
    throw new S3Error(400, 'InvalidLocationConstraint', 'us-east-1 is no location constraint');
  if ((wanted ?? 'us-east-1') !== call.region)
    throw new S3Error(
      400,
      'IllegalLocationConstraintException',
      `The ${wanted ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  const there = state.buckets.get(name);
  if (there && there.owner !== world.account)
    throw new S3Error(409, 'BucketAlreadyExists', 'The requested bucket name is not available.');
  // us-east-1 keeps an old promise: 200 for a bucket that is yours already.
  if (there && there.region !== 'us-east-1') throw new S3Error(409, 'BucketAlreadyOwnedByYou', 'You already own it.');
  if (!there) addBucket(state, { name, region: call.region, owner: world.account });
  reply(exchange, 200, { location: `/${name}` });
}

export function headBucket(exchange: Exchange): void {
  reply(exchange, 200, { 'x-amz-bucket-region': bucketOf(exchange).region });
}

export function deleteBucket(exchange: Exchange): void {
  const bucket = bucketOf(exchange);
  if (bucket.objects.size > 0 || bucket.uploads.size > 0)
    throw new S3Error(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty');
  exchange.state.buckets.delete(bucket.name);
  reply(exchange, 204);
}

export function listBuckets(exchange: Exchange): void {
  const { state, world } = exchange;
  const own = [...state.buckets.values()].filter(({ owner }) => owner === world.account);
  const lines = own.map(({ name, created, region }) =>
    element(
      'Bucket',
      element('Name', name) + element('CreationDate', created.toISOString()) + element('BucketRegion', region),
    ),
  );
  reply(exchange, 200, {}, document('ListAllMyBucketsResult', element('Buckets', lines.join(''))));
}

export function bucketLocation(exchange: Exchange): void {
  const { region } = bucketOf(exchange);
  reply(exchange, 200, {}, document('LocationConstraint', region === 'us-east-1' ? '' : region));
}

/** Subresources of a bucket, with what S3 says where none was put, and what it wants of one. */
export const settings: Readonly<Record<string, { readonly absent?: string; check?: (body: string) => boolean }>> = {
  tagging: {
    absent: 'NoSuchTagSet',
    check: (xml) => hasUniqueKeys(insides(xml, 'Tag').map((tag) => textOf(tag, 'Key'))),
  },
  policy: { absent: 'NoSuchBucketPolicy', check: isPolicy },
  lifecycle: { absent: 'NoSuchLifecycleConfiguration', check: isLifecycle },
  publicAccessBlock: {
    absent: 'NoSuchPublicAccessBlockConfiguration',
    check: (xml) => xml.includes('PublicAccessBlockConfiguration'),
  },
  encryption: { check: (xml) => xml.includes('SSEAlgorithm') },
  ownershipControls: { absent: 'OwnershipControlsNotFoundError' },
  versioning: {},
};

export async function putSetting(exchange: Exchange, name: string): Promise<void> {
  const bucket = bucketOf(exchange);
  const body = await textBody(exchange);
  if (settings[name]?.check?.(body) === false)
    throw new S3Error(400, name === 'policy' ? 'MalformedPolicy' : 'MalformedXML');
  bucket.settings.set(name, body);
  reply(exchange, name === 'policy' || name === 'tagging' ? 204 : 200);
}

export function getSetting(exchange: Exchange, name: string): void {
  const found = bucketOf(exchange).settings.get(name);
  const absent = settings[name]?.absent;
  if (found === undefined && absent !== undefined) throw new S3Error(404, absent);
  reply(exchange, 200, {}, found ?? document('VersioningConfiguration', ''));
}

export function deleteSetting(exchange: Exchange, name: string): void {
  bucketOf(exchange).settings.delete(name);
  reply(exchange, 204);
}

const hasUniqueKeys = (names: readonly (string | undefined)[]): boolean =>
  names.length <= 50 && new Set(names).size === names.length && names.every(Boolean);

function isPolicy(text: string): boolean {
  try {
    const policy = JSON.parse(text) as { Version?: unknown; Statement?: unknown };
    return typeof policy.Version === 'string' && Array.isArray(policy.Statement);
  } catch {
    return false;
  }
}

function isLifecycle(xml: string): boolean {
  const rules = insides(xml, 'Rule');
  return (
    rules.length > 0 &&
    rules.every(
      (rule) =>
        ['Enabled', 'Disabled'].includes(textOf(rule, 'Status') ?? '') &&
        (rule.includes('<Filter') || rule.includes('<Prefix')),
    )
  );
}
