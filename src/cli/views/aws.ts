/** What `taaf aws` will make, has made and finds. */
import type { AwsIdentity } from '../../aws/identity.js';
import type { AwsInstallRecord } from '../../aws/install-record.js';
import {
  installBucketName,
  roleName,
  securityGroupName,
  startDocumentName,
  tagKeys,
  terminatorName,
} from '../../aws/names.js';
import type { Region } from '../../aws/region.js';
import type { InUse } from '../../aws/remove.js';
import type { InstallState } from '../../aws/site.js';
import type { StackChange } from '../../aws/stack.js';
import type { Template } from '../../aws/template/types.js';
import type { AwsSite } from '../../aws/arns.js';
import type { Look } from '../context.js';
import { count } from './figures.js';
import { pad, printable, wrap } from './text.js';

/** `AWS account 111122223333 as the role Admin, region eu-central-1 (from AWS_REGION)`, with the address where it is not AWS's own. */
export function identityLine({ account, principal }: AwsIdentity, region: Region): string {
  const { kind, name } = principal;
  const as = kind === 'root' ? 'as its root' : `as the ${kind} ${name}`;
  // A stranger's address would get our requests.
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  const at = endpoint === undefined ? '' : `, reached at ${endpoint} (AWS_ENDPOINT_URL)`;
  return `AWS account ${account} ${as}, region ${region.name} (from ${region.from})${at}`;
}

export function initView(
  { identity, region, site }: { readonly identity: AwsIdentity; readonly region: Region; readonly site: AwsSite },
  template: Template,
  state: InstallState['state'],
  look: Look,
): string {
  const { install } = site;
  const parts: readonly (readonly [kind: string, name: string, meaning: string])[] = [
    ['bucket', installBucketName(install, site.account, site.region), 'kits, installers, transfers; private'],
    ['role, profile', roleName(install, site.region), 'what a machine may do: its own buckets, nothing else'],
    ['security group', securityGroupName(install), 'nothing comes in, HTTPS goes out'],
    ['SSM document', startDocumentName(install), 'starts the agent on a machine'],
    ...('Terminator' in template.Resources
      ? ([['function', terminatorName(install), 'ends machines after their deadline, looks every 15 minutes']] as const)
      : []),
  ];
  const lead = state === 'absent' ? 'To be made' : 'To be there, changed only where it differs';
  const cost =
    'This costs nothing by itself; what lies in the bucket costs about 0.02 USD a GB and month. ' +
    'Machines are paid for only while seasons run.';
  return [
    printable(identityLine(identity, region)),
    '',
    look.paint('bold', `${lead}, with the tag ${tagKeys.install}=${install}:`),
    ...parts.flatMap(([kind, name, meaning]) => [
      `  ${pad(kind, 15)} ${name}`,
      ...wrap(`${' '.repeat(18)}${meaning}`, look.columns, ' '.repeat(18)),
    ]),
    '',
    ...wrap(cost, look.columns),
    'Every line of it: taaf aws template',
  ].join('\n');
}

const doneWords: Readonly<Record<StackChange, string>> = {
  created: 'is ready',
  updated: 'has been changed',
  unchanged: 'was ready already',
};

export function installedView(done: StackChange, { account, region, topaz }: AwsInstallRecord, look: Look): string {
  const lines = [`AWS account ${account} in ${region} ${doneWords[done]}.`];
  if (topaz !== undefined) {
    const { installer, licence, seats } = topaz;
    const there = [
      installer === undefined ? 'no installer yet' : `installer ${installer.version ?? installer.sha256.slice(0, 12)}`,
      licence === undefined ? 'no sign-in yet' : 'sign-in stored',
      count(seats, 'seat'),
    ];
    lines.push(`Topaz: ${there.join(', ')}.`);
  }
  return [look.paint('green', lines[0] ?? ''), ...lines.slice(1), 'Next: taaf aws check'].join('\n');
}

export function removalView({ machines, buckets }: InUse, look: Look): string {
  const lines = [
    ...machines.map(({ id, machine, state }) => `  machine ${id} (${machine ?? 'of TAAF'}, ${state})`),
    ...buckets.map((name) => `  bucket ${name} with all that is in it`),
  ];
  return lines.length === 0
    ? 'No season has anything there.'
    : [look.paint('yellow', 'To be ended:'), ...lines].join('\n');
}
