/** The stores of this computer's seasons: a folder here, or a bucket in AWS. */
import type { Ports } from '../activities/ports.js';
import type { AwsAccess } from '../domain/aws.js';
import { Failure } from '../domain/failures.js';
import type { SeasonId } from '../domain/ids.js';
import { storePlaceOf, type SeasonRecord, type SeasonRegistry } from '../seasons/registry.js';
import { openStore } from '../store/open.js';
import type { ObjectStore } from '../store/port.js';
import type { SeasonBucket } from '../store/s3/bucket.js';

export type RecordOf = (season: SeasonId) => Promise<SeasonRecord>;

/** @throws Failure `bug` for a season that was never submitted here */
export const recordOf =
  (registry: SeasonRegistry): RecordOf =>
  async (season) => {
    const record = await registry.record(season);
    if (!record) throw new Failure('bug', `This computer knows no season ${season}`);
    return record;
  };

export function seasonStores(record: RecordOf): Pick<Ports, 'store' | 'makeStore' | 'removeStore'> {
  // A client of S3 keeps its connections: one for each place. A season that is submitted again may have another bucket.
  const open = new Map<string, Promise<ObjectStore>>();
  return {
    async store(season) {
      const place = storePlaceOf(await record(season));
      const name = JSON.stringify(place);
      const store = open.get(name) ?? openStore(place);
      open.set(name, store);
      return store;
    },
    async makeStore(season) {
      const bucket = bucketOf(await record(season));
      if (!bucket) return;
      const { ensureBucket } = await import('../store/s3/bucket.js');
      await ensureBucket(await s3(bucket), bucket);
    },
    async removeStore(season) {
      const bucket = bucketOf(await record(season));
      if (!bucket) return;
      const { removeBucket } = await import('../store/s3/bucket.js');
      await removeBucket(await s3(bucket), bucket);
    },
  };
}

const s3 = async (access: AwsAccess) => (await import('../aws/clients.js')).awsClients(access).s3();

function bucketOf({ season, aws }: SeasonRecord): (SeasonBucket & AwsAccess) | undefined {
  if (!aws) return undefined;
  const { bucket: name, region, account, install, profile } = aws.place;
  return { name, region, account, install, season, ...(profile === undefined ? {} : { profile }) };
}
