/** The user's Topaz sign-in as an encrypted parameter of SSM: machines of this installation read it, nobody prints it. */
import { Failure } from '../domain/failures.js';
import type { AwsClients } from './clients.js';
import { awsCode, awsFailure } from './errors.js';
import { licenceParameterName, tagKeys } from './names.js';

/** Characters that a parameter holds for nothing, and at most (then for 0.05 USD a month). */
const STANDARD = 4096;
const ADVANCED = 8192;

/**
 * Stores the file's bytes as Base64.
 * @returns the parameter's name
 * @throws Failure `unsupported` where it is too large for a parameter
 */
export async function storeLicence(clients: AwsClients, install: string, file: Uint8Array): Promise<string> {
  const [ssm, { PutParameterCommand }] = await Promise.all([clients.ssm(), import('@aws-sdk/client-ssm')]);
  const Value = Buffer.from(file).toString('base64');
  if (file.length === 0 || Value.length > ADVANCED)
    throw new Failure(
      'unsupported',
      `A sign-in of Topaz has between 1 and ${(ADVANCED / 4) * 3} bytes, this file has ${file.length}`,
      {
        next: 'Give the file auth.tpz (or license.lic) of the models folder of a computer that is signed in',
      },
    );
  const parameter = {
    Name: licenceParameterName(install),
    Description: 'Sign-in of Topaz for the machines of TAAF',
    Type: 'SecureString' as const,
    Tier: Value.length > STANDARD ? ('Advanced' as const) : ('Standard' as const),
    Value,
  };
  try {
    await ssm.send(new PutParameterCommand({ ...parameter, Tags: [{ Key: tagKeys.install, Value: install }] }));
  } catch (error) {
    // Tags are taken only when a parameter is made.
    if (awsCode(error) !== 'ParameterAlreadyExists') throw unstored(error);
    await ssm.send(new PutParameterCommand({ ...parameter, Overwrite: true })).catch((again: unknown) => {
      throw unstored(again);
    });
  }
  return parameter.Name;
}

const unstored = (error: unknown): Failure => awsFailure(error, 'The Topaz sign-in could not be stored in SSM');

/** Whether there is one; its content is not asked for in the clear. */
export async function hasLicence(clients: AwsClients, install: string): Promise<boolean> {
  const [ssm, { GetParameterCommand }] = await Promise.all([clients.ssm(), import('@aws-sdk/client-ssm')]);
  try {
    await ssm.send(new GetParameterCommand({ Name: licenceParameterName(install) }));
    return true;
  } catch (error) {
    if (awsCode(error) === 'ParameterNotFound') return false;
    throw awsFailure(error, 'The parameter with the Topaz sign-in could not be looked at');
  }
}

/** Removes it; one that is not there is no error. */
export async function removeLicence(clients: AwsClients, install: string): Promise<void> {
  const [ssm, { DeleteParameterCommand }] = await Promise.all([clients.ssm(), import('@aws-sdk/client-ssm')]);
  try {
    await ssm.send(new DeleteParameterCommand({ Name: licenceParameterName(install) }));
  } catch (error) {
    if (awsCode(error) !== 'ParameterNotFound')
      throw awsFailure(error, 'The parameter with the Topaz sign-in could not be removed');
  }
}
