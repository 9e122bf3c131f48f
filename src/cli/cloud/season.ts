/** What a season on AWS is submitted with: its own bucket's name, and everything that its machines will be given, in the install's bucket. */
import { randomBytes } from 'node:crypto';
import { seasonBucketName } from '../../aws/names.js';
import type { AwsPlace, AwsSeason } from '../../domain/aws.js';
import { Failure } from '../../domain/failures.js';
import { ensureAnsible } from '../../toolchain/ansible.js';
import { makeKit } from '../../toolchain/kit.js';
import { requireSessionPlugin } from '../../toolchain/session-plugin.js';
import { publishKit } from '../actions/aws-kits.js';
import type { Context } from '../context.js';
import type { Cloud } from './cloud.js';

/** @throws Failure where this computer lacks what configures machines, or the kit cannot be made or put into the bucket */
export async function awsSeason({ here, record, order }: Cloud, context: Context): Promise<AwsSeason> {
  const { paths, site, identity } = here;
  const { env, signal } = context;
  const report = (text: string): void => context.emit({ kind: 'step', text });
  await requireSessionPlugin(env);
  await ensureAnsible({ paths, report, signal }, order.system);
  const { kits, topaz } = await publishKit(order.system, record, here, makeKit, context);
  const kit = kits?.[order.system];
  if (!kit) throw new Failure('bug', `The kit for ${order.system} was not noted`);
  // The worker may be started by the system, without the variables of this shell: a profile it can find again.
  const profile = identity.profile ?? env['AWS_PROFILE'];
  const place: AwsPlace = {
    region: site.region,
    ...(profile === undefined ? {} : { profile }),
    account: site.account,
    install: site.install,
    installBucket: record.installBucket,
    bucket: seasonBucketName(site, nonce()),
  };
  const { installer, licence } = topaz ?? {};
  const own = order.system === 'windows' && installer && licence ? { topaz: { installer, licence } } : {};
  return { place, order, kit, ...own };
}

/** The same season again: in a new bucket, since a deleted one's name may stay blocked for an hour. */
export const inNewBucket = (aws: AwsSeason): AwsSeason => ({
  ...aws,
  place: { ...aws.place, bucket: seasonBucketName(aws.place, nonce()) },
});

const nonce = (): string => randomBytes(4).toString('hex');
