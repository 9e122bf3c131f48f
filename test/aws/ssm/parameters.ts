/** Parameter Store: the public parameters of images, and what TAAF keeps there. */
import {
  DeleteParameter$,
  GetParameter$,
  GetParameters$,
  PutParameter$,
  type DeleteParameterCommandInput,
  type DeleteParameterCommandOutput,
  type GetParameterCommandInput,
  type GetParameterCommandOutput,
  type GetParametersCommandInput,
  type GetParametersCommandOutput,
  type Parameter,
  type PutParameterCommandInput,
  type PutParameterCommandOutput,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../protocol/error.js';
import { operation, type Operation } from '../protocol/operation.js';
import type { World } from '../service.js';

function parameterOf(
  world: World,
  region: string,
  Name: string,
  decrypted: boolean | undefined,
): Parameter | undefined {
  const have = world.parameters.get(Name);
  if (have === undefined) return undefined;
  const { value, secure } = have;
  return {
    Name,
    Type: secure ? 'SecureString' : 'String',
    Value: secure && decrypted !== true ? Buffer.from(`encrypted ${value.length}`).toString('base64') : value,
    Version: 1,
    LastModifiedDate: new Date(Math.floor(world.now() / 1000) * 1000),
    ARN: `arn:aws:ssm:${region}:${Name.startsWith('/aws/') ? '' : world.account}:parameter${Name.startsWith('/') ? '' : '/'}${Name}`,
    DataType: 'text',
  };
}

const notFound = () => new AwsError('ParameterNotFound', '');

export const parameterOperations = (world: World): Operation[] => [
  operation<GetParameterCommandInput, GetParameterCommandOutput>(
    GetParameter$,
    ({ Name = '', WithDecryption }, { call }) => {
      const found = parameterOf(world, call.region, Name, WithDecryption);
      if (found === undefined) throw notFound();
      return { Parameter: found };
    },
  ),
  operation<GetParametersCommandInput, GetParametersCommandOutput>(
    GetParameters$,
    ({ Names = [], WithDecryption }, { call }) => {
      const found = Names.map((name) => parameterOf(world, call.region, name, WithDecryption));
      return {
        Parameters: found.filter((each) => each !== undefined),
        InvalidParameters: Names.filter((_, at) => found[at] === undefined),
      };
    },
  ),
  operation<PutParameterCommandInput, PutParameterCommandOutput>(
    PutParameter$,
    ({ Name = '', Value = '', Type, Overwrite, Tags, Description = '', Tier = 'Standard' }) => {
      if (!/^[\w.\-/]{1,1011}$/.test(Name)) throw new AwsError('ValidationException', `Parameter name: ${Name}`);
      if (/^\/?(aws|ssm)/i.test(Name))
        throw new AwsError('ValidationException', 'No access to reserved parameter name');
      if (Type !== 'String' && Type !== 'SecureString')
        throw new AwsError('ValidationException', `The double does not know the type ${String(Type)}`);
      if (Value.length > 4096)
        throw new AwsError('ValidationException', 'Standard tier parameters support a maximum of 4096 characters');
      if (world.parameters.has(Name) && Overwrite !== true)
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      if (Tags !== undefined && Overwrite === true)
        throw new AwsError('ValidationException', "tags and overwrite can't be used together.");
      if (Tier !== 'Standard' || Description.length > 1024)
        throw new AwsError('ValidationException', 'The double knows standard parameters with short descriptions');
      world.parameters.set(Name, { value: Value, secure: Type === 'SecureString' });
      return { Version: 1, Tier: 'Standard' };
    },
  ),
  operation<DeleteParameterCommandInput, DeleteParameterCommandOutput>(DeleteParameter$, ({ Name = '' }) => {
    if (!world.parameters.delete(Name)) throw notFound();
    return {};
  }),
];
