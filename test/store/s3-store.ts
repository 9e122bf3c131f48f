/** The S3 store as programs open it, on the double. */
import type { StorePlace } from '../../src/domain/agent.js';
import { openStore } from '../../src/store/open.js';
import type { ObjectStore } from '../../src/store/port.js';
import { BUCKET, REGION, type S3Double } from '../aws/s3/start.js';

/** What the SDK needs besides the place: any credentials do. */
export const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } as const;

export const placeOn = ({ url }: S3Double, bucket = BUCKET): StorePlace => ({
  kind: 's3',
  bucket,
  region: REGION,
  endpoint: url,
  pathStyle: true,
});

export async function storeOn(s3: S3Double, bucket = BUCKET): Promise<ObjectStore> {
  Object.assign(process.env, credentials);
  return openStore(placeOn(s3, bucket));
}
