/** Checks of what the AWS fleet needs on this computer; nothing where AWS was never set up. What AWS itself allows is asked by `taaf aws check`. */
import { awsInstallRecord } from '../../aws/install-record.js';
import { checkAwsTools } from '../../toolchain/check-aws.js';
import type { Finding } from '../views/doctor.js';
import type { Check } from './check.js';

export const checkAws: Check = async ({ context, paths }) => {
  const record = await awsInstallRecord(paths);
  if (record === undefined) return [];
  const { env } = context;
  const endpoint = env['AWS_ENDPOINT_URL'];
  const tools = await checkAwsTools(paths, env);
  return [
    { name: 'AWS', state: 'ok', found: `set up in account ${record.account}, ${record.region}` },
    ...(endpoint === undefined
      ? []
      : [
          {
            name: 'AWS',
            state: 'note',
            found: `AWS_ENDPOINT_URL sends every call, and your credentials, to ${endpoint}`,
            fix: 'Unset it unless that is meant',
          } as const,
        ]),
    ...tools.map(({ name, found, wanted, ok, fix }): Finding => ({
      name,
      // What is missing is made, or asked for, when a season is submitted to AWS.
      state: ok ? 'ok' : 'note',
      found: ok ? (found ?? 'there') : `${found ?? 'not there'}; wanted: ${wanted}`,
      ...(fix === undefined ? {} : { fix }),
    })),
  ];
};
