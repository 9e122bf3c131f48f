import { describe } from 'vitest';
import { storeContract } from '../contract/store.js';
import { startS3 } from '../aws/s3/start.js';
import { storeOn } from './s3-store.js';

describe('S3 store', () => {
  storeContract(async () => storeOn(await startS3({ pageSize: 3 })));
});
