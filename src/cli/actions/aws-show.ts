/** `taaf aws policy` and `taaf aws template`: what is to be reviewed, or handed to whoever gives rights. */
import { laptopPolicy } from '../../aws/laptop-rights.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import type { AwsValues } from './aws.js';
import { awsHere } from './aws-place.js';
import { templateHere } from './aws-template.js';

export async function awsPolicy(values: AwsValues, context: Context): Promise<ExitCode> {
  const { site } = await awsHere(values, context);
  return show(laptopPolicy(site), context);
}

export async function awsTemplate(values: AwsValues, context: Context): Promise<ExitCode> {
  return show(await templateHere(await awsHere(values, context), values), context);
}

/** JSON with and without `--json`: it goes into AWS as it is. */
function show(document: object, context: Context): ExitCode {
  context.result(document, () => JSON.stringify(document, undefined, 2));
  return 0;
}
