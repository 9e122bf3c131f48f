/** `taaf aws init`: shows what it will make, asks once, makes it; run again it changes only what differs. */
import { bucketOwner } from '../../aws/buckets.js';
import { saveAwsInstallRecord, type AwsInstallRecord } from '../../aws/install-record.js';
import { installBucketName, stackName, tagKeys } from '../../aws/names.js';
import { installState, requireInstall } from '../../aws/site.js';
import { ensureStack, type StackChange } from '../../aws/stack.js';
import { Failure } from '../../domain/failures.js';
import { makeKit } from '../../toolchain/kit.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { patiently } from '../patience.js';
import { initView, installedView } from '../views/aws.js';
import type { AwsValues } from './aws.js';
import { awsHere, watchOf, type AwsHere } from './aws-place.js';
import { publishKit, systemOf, type MakeKit } from './aws-kits.js';
import { templateHere } from './aws-template.js';
import { agreed, supplyTopaz, topazWish } from './aws-topaz.js';

/** @param make the maker of kits; tests have one that fetches nothing */
export async function awsInit(values: AwsValues, context: Context, make: MakeKit = makeKit): Promise<ExitCode> {
  const wish = await topazWish(values, context);
  const here = await awsHere(values, context);
  const [state, template] = await patiently(context, 'Looking at the account', () =>
    Promise.all([installState(here.clients, here.site.install), templateHere(here, values)]),
  );
  if (state.state === 'absent') await bucketIsFree(here);
  context.tell((look) => initView(here, template, state.state, look));
  warnOfAnother(here, context);

  const agreedAt = wish === undefined ? here.record?.topaz?.agreedAt : await agreed(values, here.record, context);
  if (wish !== undefined && typeof agreedAt !== 'string') return declined(agreedAt, '--accept-topaz-terms', context);
  if (!values.yes) {
    const answer = await context.confirm('Go on?');
    if (answer !== true) return declined(answer, '--yes', context);
  }

  const done = await ensureStack(
    await here.clients.cloudFormation(),
    { name: stackName(here.site.install), template, tags: { [tagKeys.install]: here.site.install } },
    watchOf(context),
  );
  let record = await noted(here, typeof agreedAt === 'string' ? agreedAt : undefined, values);
  if (wish !== undefined && record.topaz !== undefined) {
    record = { ...record, topaz: await supplyTopaz(wish, record.topaz, here, context) };
    await saveAwsInstallRecord(here.paths, record);
  }
  record = await publishKit(systemOf(record), record, here, make, context);
  tellEnd(done, record, context);
  return 0;
}

/** What is in the way of the stack would otherwise be told only after minutes. */
async function bucketIsFree({ clients, site }: AwsHere): Promise<void> {
  const name = installBucketName(site.install, site.account, site.region);
  const owner = await bucketOwner(clients, name, site.account);
  if (owner === 'others')
    throw new Failure('permission', `The bucket ${name} is there already and is somebody else’s, or closed to you`, {
      next: 'Use another region: --aws-region NAME; or ask who has it',
    });
  if (owner === 'ours')
    throw new Failure('usage', `The bucket ${name} is there already, without TAAF’s stack`, {
      next: `Look whether you need what is in it; then: aws s3 rb s3://${name} --force`,
    });
}

function warnOfAnother({ record, site }: AwsHere, context: Context): void {
  if (record === undefined || (record.account === site.account && record.region === site.region)) return;
  context.emit({
    kind: 'warning',
    text: `Until now this computer used account ${record.account} in ${record.region}. What is there stays until: taaf aws remove --aws-region ${record.region}`,
  });
}

function declined(answer: false | undefined, flag: string, context: Context): ExitCode {
  const text = answer === undefined ? `Nothing was made: add ${flag} to go on without asking` : 'Nothing was made.';
  context.emit({ kind: answer === undefined ? 'warning' : 'note', text });
  return answer === undefined ? 3 : 0;
}

/** Writes down what seasons need to know, keeping what was known of the same place. */
async function noted(
  { clients, site, identity, record: before, paths }: AwsHere,
  agreedAt: string | undefined,
  { topazSeats }: AwsValues,
): Promise<AwsInstallRecord> {
  const outputs = await requireInstall(clients, site);
  const isSame = before?.account === site.account && before.region === site.region;
  const kept = isSame ? before : undefined;
  const record: AwsInstallRecord = {
    ...site,
    ...(identity.profile === undefined ? {} : { profile: identity.profile }),
    installBucket: outputs.Bucket,
    securityGroup: outputs.SecurityGroup,
    vpc: outputs.Vpc,
    ...(kept?.kits === undefined ? {} : { kits: kept.kits }),
    ...(agreedAt === undefined
      ? {}
      : { topaz: { ...kept?.topaz, agreedAt, seats: topazSeats ?? kept?.topaz?.seats ?? 1 } }),
  };
  await saveAwsInstallRecord(paths, record);
  return record;
}

function tellEnd(done: StackChange, record: AwsInstallRecord, context: Context): void {
  context.result({ done, ...record }, (look) => installedView(done, record, look));
}
