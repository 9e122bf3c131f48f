/** `taaf aws check`: every right, quota and bucket that a season will need, before any money is spent. */
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { patiently } from '../patience.js';
import { checksOf } from '../checks/aws.js';
import { doctorView } from '../views/doctor.js';
import type { AwsValues } from './aws.js';
import { awsHere } from './aws-place.js';

/** Exit code 1 where something is bad; 3 where only a human's step outside is missing: a quota, a sign-in. */
export async function awsCheck(values: AwsValues, context: Context): Promise<ExitCode> {
  const here = await awsHere(values, context);
  const findings = await patiently(context, 'Asking AWS', () => checksOf(here));
  const { account, region } = here.site;
  context.result({ account, region, as: here.identity.arn, findings }, (look) => doctorView(findings, look));
  const bad = findings.filter(({ state }) => state === 'bad');
  if (bad.length === 0) return 0;
  return bad.every(({ byHand }) => byHand === true) ? 3 : 1;
}
