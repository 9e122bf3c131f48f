/** What machines need of TAAF itself: packed on this computer, put into the install's bucket once for each content. */
import { saveAwsInstallRecord, type AwsInstallRecord } from '../../aws/install-record.js';
import { uploadOnce } from '../../aws/upload.js';
import type { MachineSystem } from '../../domain/aws.js';
import { kitRef } from '../../domain/machine-kit.js';
import type { makeKit } from '../../toolchain/kit.js';
import type { Context } from '../context.js';
import { telling } from '../patience.js';
import type { AwsHere } from './aws-place.js';

/** How a kit is made: it fetches some 100 to 200 MB the first time. */
export type MakeKit = typeof makeKit;

/** Topaz runs on Windows, the open models on Linux. */
export const systemOf = ({ topaz }: AwsInstallRecord): MachineSystem => (topaz === undefined ? 'linux' : 'windows');

/** @returns the record with the kit's place in the bucket, saved */
export async function publishKit(
  system: MachineSystem,
  record: AwsInstallRecord,
  { clients, paths }: Pick<AwsHere, 'clients' | 'paths'>,
  make: MakeKit,
  context: Context,
): Promise<AwsInstallRecord> {
  const { env, signal } = context;
  const report = (text: string): void => context.emit({ kind: 'step', text });
  const kit = await make(system, { paths, env, signal, report });
  const tell = telling(context, (what, share) => `${what}: ${share}`);
  const ref = await uploadOnce(clients, {
    bucket: record.installBucket,
    account: record.account,
    key: kitRef(kit).key,
    file: kit.file,
    sha256: kit.sha256,
    signal,
    progress: (done, total) => tell('Uploading what the machines need', done, total),
  });
  const noted = { ...record, kits: { ...record.kits, [system]: ref } };
  await saveAwsInstallRecord(paths, noted);
  return noted;
}
