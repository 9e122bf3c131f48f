/** SSM's parameter store, as far as an installation speaks to it. */
import {
  DeleteParameters$,
  GetParameter$,
  GetParametersByPath$,
  PutParameter$,
  type DeleteParametersCommandInput,
  type DeleteParametersCommandOutput,
  type GetParameterCommandInput,
  type GetParameterCommandOutput,
  type GetParametersByPathCommandInput,
  type GetParametersByPathCommandOutput,
  type PutParameterCommandInput,
  type PutParameterCommandOutput,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../aws/protocol/error.js';
import { operation, type Operation } from '../aws/protocol/operation.js';
import { rpcService } from '../aws/protocol/rpc.js';
import { jsonWire } from '../aws/protocol/wire.js';
import type { Service, World } from '../aws/service.js';

/** Characters that a parameter of either tier holds. */
const LARGEST = { Standard: 4096, Advanced: 8192 } as const;

export const parameterOperations = ({ parameters }: World): Operation[] => {
  const shown = (name: string, decrypted: boolean) => {
    const found = parameters.get(name);
    if (found === undefined) throw new AwsError('ParameterNotFound', '');
    const { value, secure } = found;
    return {
      Name: name,
      Type: secure ? ('SecureString' as const) : ('String' as const),
      Value: secure && !decrypted ? `AQICAH${Buffer.from(name).toString('base64')}` : value,
      Version: 1,
    };
  };
  return [
    operation<GetParameterCommandInput, GetParameterCommandOutput>(GetParameter$, ({ Name = '', WithDecryption }) => ({
      Parameter: shown(Name, WithDecryption === true),
    })),
    operation<GetParametersByPathCommandInput, GetParametersByPathCommandOutput>(
      GetParametersByPath$,
      ({ Path = '', Recursive, WithDecryption }) => {
        const folder = Path.endsWith('/') ? Path : `${Path}/`;
        const inside = (name: string) =>
          name.startsWith(folder) && (Recursive === true || !name.slice(folder.length).includes('/'));
        return {
          Parameters: [...parameters.keys()].filter(inside).map((name) => shown(name, WithDecryption === true)),
        };
      },
    ),
    operation<PutParameterCommandInput, PutParameterCommandOutput>(PutParameter$, (input) => {
      const { Name = '', Value = '', Type, Overwrite, Tier = 'Standard' } = input;
      if (/^\/?(aws|ssm)/i.test(Name) || !/^[\w.\-/]+$/.test(Name))
        throw new AwsError('ValidationException', `Parameter name: ${Name} is not allowed`);
      const most = Tier === 'Standard' || Tier === 'Advanced' ? LARGEST[Tier] : LARGEST.Advanced;
      if (Value.length > most)
        throw new AwsError('ValidationException', `${Tier} tier parameters support a maximum of ${most} characters.`);
      if (parameters.has(Name) && Overwrite !== true) throw new AwsError('ParameterAlreadyExists', Name);
      if (Overwrite === true && input.Tags !== undefined)
        throw new AwsError('ValidationException', "Invalid request: tags and overwrite can't be used together.");
      parameters.set(Name, { value: Value, secure: Type === 'SecureString' });
      return { Version: 1, Tier };
    }),
    operation<DeleteParametersCommandInput, DeleteParametersCommandOutput>(DeleteParameters$, ({ Names = [] }) => {
      if (Names.length < 1 || Names.length > 10)
        throw new AwsError('ValidationException', 'Between 1 and 10 names are wanted');
      const gone = Names.filter((name) => parameters.delete(name));
      return { DeletedParameters: gone, InvalidParameters: Names.filter((name) => !gone.includes(name)) };
    }),
  ];
};

export const parameterService = (world: World): Service =>
  rpcService(world, { name: 'ssm', wire: jsonWire('AmazonSSM'), operations: parameterOperations(world) });
