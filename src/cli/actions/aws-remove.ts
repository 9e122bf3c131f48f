/** `taaf aws remove`: everything that `init` made, confirmed gone. */
import { forgetAwsInstall } from '../../aws/install-record.js';
import { inUse, removeInstall } from '../../aws/remove.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { patiently } from '../patience.js';
import { identityLine, removalView } from '../views/aws.js';
import type { AwsValues } from './aws.js';
import { awsHere, watchOf } from './aws-place.js';

export async function awsRemove(values: AwsValues, context: Context): Promise<ExitCode> {
  const here = await awsHere(values, context);
  const { clients, site, record, paths, identity, region } = here;
  const found = await patiently(context, 'Looking for machines and buckets', () => inUse(clients, site));
  context.emit({ kind: 'note', text: identityLine(identity, region) });
  if (values.discard) context.tell((look) => removalView(found, look));
  const isIdle = found.machines.length + found.buckets.length === 0;
  if (!values.yes && (isIdle || values.discard)) {
    const answer = await context.confirm(`Remove all that TAAF has in ${site.region}?`);
    if (answer !== true) return refused(answer, context);
  }
  await removeInstall(clients, site, { discard: values.discard, ...watchOf(context) });
  // A record of another place stays: what it tells of is still there.
  if (record?.account === site.account && record.region === site.region) await forgetAwsInstall(paths);
  context.result({ removed: site }, () => `TAAF has nothing in ${site.region} any more.`);
  return 0;
}

function refused(answer: boolean | undefined, context: Context): ExitCode {
  const text = answer === undefined ? 'Nothing was removed: add --yes to go on without asking' : 'Nothing was removed.';
  context.emit({ kind: answer === undefined ? 'warning' : 'note', text });
  return answer === undefined ? 3 : 0;
}
