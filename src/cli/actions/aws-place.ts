/** Which account and region a command is about, and as whom: flags, then what `init` noted, then the environment. */
import type { AwsSite } from '../../aws/arns.js';
import { awsClients, type AwsClients } from '../../aws/clients.js';
import { awsIdentity, type AwsIdentity } from '../../aws/identity.js';
import { awsInstallRecord, type AwsInstallRecord } from '../../aws/install-record.js';
import { regionOf, type Region } from '../../aws/region.js';
import { siteOf } from '../../aws/site.js';
import { installId } from '../../config/install.js';
import { taafPaths, type TaafPaths } from '../../config/paths.js';
import type { StackWatch } from '../../aws/stack.js';
import { lasting, timeScaleOf } from '../../domain/durations.js';
import type { Context } from '../context.js';
import { patiently } from '../patience.js';

export interface AwsHere {
  readonly paths: TaafPaths;
  readonly clients: AwsClients;
  readonly identity: AwsIdentity;
  readonly region: Region;
  readonly site: AwsSite;
  /** What `taaf aws init` noted on this computer, wherever that was. */
  readonly record: AwsInstallRecord | undefined;
}

export interface PlaceValues {
  readonly awsProfile: string | undefined;
  readonly awsRegion: string | undefined;
}

/** @throws Failure where there is no region or no valid sign-in */
export async function awsHere({ awsProfile, awsRegion }: PlaceValues, context: Context): Promise<AwsHere> {
  const { env } = context;
  const paths = taafPaths(env);
  const record = await awsInstallRecord(paths);
  const signedIn = Boolean(env['AWS_PROFILE'] ?? env['AWS_ACCESS_KEY_ID']);
  const profile = awsProfile ?? (signedIn ? undefined : record?.profile);
  const region =
    awsRegion === undefined && record !== undefined
      ? { name: record.region, from: 'taaf aws init' }
      : await regionOf({
          env,
          ...(awsRegion === undefined ? {} : { said: awsRegion }),
          ...(profile === undefined ? {} : { profile }),
        });
  const access = { region: region.name, ...(profile === undefined ? {} : { profile }) };
  const clients = awsClients(access);
  const identity = await patiently(context, 'Asking AWS who we are', () => awsIdentity(access, clients));
  return { paths, clients, identity, region, record, site: siteOf(identity, await installId(paths)) };
}

/** How AWS's work is followed: one line for each step, until Ctrl-C. */
export const watchOf = (context: Context): StackWatch => ({
  signal: context.signal,
  report: (text) => context.emit({ kind: 'step', text }),
  everyMs: lasting('look', timeScaleOf(context.env)),
});
