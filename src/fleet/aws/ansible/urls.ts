/** Signed addresses of the install's objects: a machine fetches them without credentials and without a program of AWS. */
import type { AwsClients } from '../../../aws/clients.js';
import { awsFailure } from '../../../aws/errors.js';
import type { Provision, Target } from '../ports.js';
import type { SignedUrls } from './variables.js';

/** Seconds that an address is good for. */
const GOOD_FOR = 3_600;

export async function signedUrls(
  clients: AwsClients,
  { place }: Target,
  { kit, topaz }: Provision,
): Promise<SignedUrls> {
  const [{ GetObjectCommand }, { getSignedUrl }, s3] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/s3-request-presigner'),
    clients.s3(),
  ]);
  const signed = (key: string) =>
    getSignedUrl(s3, new GetObjectCommand({ Bucket: place.installBucket, Key: key }), { expiresIn: GOOD_FOR });
  try {
    return { kit: await signed(kit.key), topaz: topaz && (await signed(topaz.installer.key)) };
  } catch (error) {
    throw awsFailure(error, 'The addresses of the machine’s files could not be signed');
  }
}
