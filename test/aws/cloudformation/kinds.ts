/** The resource types that the double can make, each with the properties that it knows. */
import { randomBytes } from 'node:crypto';
import type { World } from '../service.js';
import { bucketKind, bucketPolicyKind } from './buckets.js';
import type { Kind, Making, Properties } from './kind.js';
import type { Made } from './template.js';

/** What only has to be known: it is put into the world's resources under what `idOf` says. */
function recorded(
  type: string,
  options: Pick<Kind, 'required' | 'optional' | 'fixed'> & {
    /** Key in the world, `Ref`, attributes. */
    readonly as: (properties: Properties, making: Making) => Made & { readonly key: string };
    readonly check?: (properties: Properties, making: Making) => void;
  },
): Kind {
  const put = (properties: Properties, making: Making): Made => {
    options.check?.(properties, making);
    const { key, ...made } = options.as(properties, making);
    making.world.resources.set(key, { type, properties: { ...properties, Tags: making.tags } });
    return made;
  };
  return {
    ...options,
    create(properties, making) {
      const { key } = options.as(properties, making);
      if (making.world.resources.has(key)) throw new Error(`${key} already exists`);
      return put(properties, making);
    },
    update: (_id, properties, making) => put(properties, making),
    remove(id, { world }) {
      for (const [key, resource] of world.resources)
        if (resource.type === type && (key === id || key.endsWith(`/${id}`) || key.endsWith(`:${id}`)))
          world.resources.delete(key);
    },
  };
}

const text = (properties: Properties, name: string): string => String(properties[name]);

/** Of IAM, which has no regions. */
const iamArn = ({ world }: Making, resource: string): string => `arn:aws:iam::${world.account}:${resource}`;
const arn = ({ world, region }: Making, service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${world.account}:${resource}`;

const role = recorded('AWS::IAM::Role', {
  required: ['AssumeRolePolicyDocument', 'RoleName'],
  optional: ['Description', 'Policies'],
  fixed: ['RoleName'],
  as: (properties, making) => {
    const name = text(properties, 'RoleName');
    const key = iamArn(making, `role/${name}`);
    return { key, id: name, attributes: { Arn: key } };
  },
  check: ({ RoleName }) => {
    if (!/^[\w+=,.@-]{1,64}$/.test(String(RoleName))) throw new Error(`Invalid role name: ${String(RoleName)}`);
  },
});

const instanceProfile = recorded('AWS::IAM::InstanceProfile', {
  required: ['Roles', 'InstanceProfileName'],
  optional: [],
  fixed: ['InstanceProfileName'],
  as: (properties, making) => {
    const name = text(properties, 'InstanceProfileName');
    return { key: name, id: name, attributes: { Arn: iamArn(making, `instance-profile/${name}`) } };
  },
  check: ({ Roles }, making) => {
    for (const name of Roles as readonly string[])
      if (!making.world.resources.has(iamArn(making, `role/${name}`))) throw new Error(`There is no role ${name}`);
  },
});

/** A group gets its id when it is made. */
const securityGroup: Kind = {
  required: ['GroupDescription', 'GroupName', 'VpcId'],
  optional: ['SecurityGroupIngress', 'SecurityGroupEgress'],
  fixed: ['GroupDescription', 'GroupName', 'VpcId'],
  create(properties, { world, tags }) {
    const id = `sg-${randomBytes(9).toString('hex').slice(0, 17)}`;
    world.resources.set(id, { type: 'AWS::EC2::SecurityGroup', properties: { ...properties, Tags: tags } });
    return { id, attributes: { GroupId: id, VpcId: text(properties, 'VpcId') } };
  },
  update(id, properties, { world, tags }) {
    world.resources.set(id, { type: 'AWS::EC2::SecurityGroup', properties: { ...properties, Tags: tags } });
    return { id, attributes: { GroupId: id, VpcId: text(properties, 'VpcId') } };
  },
  remove: (id, { world }) => void world.resources.delete(id),
};

const documentKind: Kind = {
  required: ['Content', 'Name', 'DocumentType'],
  optional: ['DocumentFormat', 'TargetType', 'UpdateMethod'],
  fixed: ['Name', 'DocumentType'],
  create(properties, { world }) {
    const name = text(properties, 'Name');
    if (!/^[a-zA-Z0-9_\-.]{3,128}$/.test(name)) throw new Error(`Invalid document name: ${name}`);
    if (world.documents.has(name)) throw new Error(`Document with same name ${name} already exists`);
    return putDocument(name, properties, world);
  },
  update(name, properties, { world }) {
    if (properties['UpdateMethod'] !== 'NewVersion')
      throw new Error(`CloudFormation cannot update a stack when a custom-named resource requires replacing: ${name}`);
    return putDocument(name, properties, world);
  },
  remove: (name, { world }) => void world.documents.delete(name),
};

function putDocument(name: string, { Content }: Properties, world: World): Made {
  const content = JSON.stringify(Content);
  if (Buffer.byteLength(content) > 65_536) throw new Error('The document is larger than 64 KB');
  world.documents.set(name, { content });
  return { id: name, attributes: {} };
}

export const kinds: Readonly<Record<string, Kind>> = {
  'AWS::S3::Bucket': bucketKind,
  'AWS::S3::BucketPolicy': bucketPolicyKind,
  'AWS::IAM::Role': role,
  'AWS::IAM::InstanceProfile': instanceProfile,
  'AWS::EC2::SecurityGroup': securityGroup,
  'AWS::SSM::Document': documentKind,
  'AWS::Logs::LogGroup': recorded('AWS::Logs::LogGroup', {
    required: ['LogGroupName'],
    optional: ['RetentionInDays'],
    fixed: ['LogGroupName'],
    as: (properties, making) => {
      const name = text(properties, 'LogGroupName');
      return { key: name, id: name, attributes: { Arn: arn(making, 'logs', `log-group:${name}:*`) } };
    },
  }),
  'AWS::Lambda::Function': recorded('AWS::Lambda::Function', {
    required: ['Code', 'Role', 'FunctionName', 'Handler', 'Runtime'],
    optional: ['Description', 'Timeout', 'MemorySize', 'Environment'],
    fixed: ['FunctionName'],
    as: (properties, making) => {
      const name = text(properties, 'FunctionName');
      const key = arn(making, 'lambda', `function:${name}`);
      return { key, id: name, attributes: { Arn: key } };
    },
    check: ({ Role }, { world }) => {
      if (world.resources.get(String(Role))?.type !== 'AWS::IAM::Role') throw new Error('The role is not there');
    },
  }),
  'AWS::Events::Rule': recorded('AWS::Events::Rule', {
    required: ['Name', 'ScheduleExpression'],
    optional: ['Description', 'State', 'Targets'],
    fixed: ['Name'],
    as: (properties, making) => {
      const name = text(properties, 'Name');
      const key = arn(making, 'events', `rule/${name}`);
      return { key, id: name, attributes: { Arn: key } };
    },
  }),
  'AWS::Lambda::Permission': recorded('AWS::Lambda::Permission', {
    required: ['Action', 'FunctionName', 'Principal'],
    optional: ['SourceArn'],
    fixed: ['Action', 'FunctionName', 'Principal', 'SourceArn'],
    as: (properties) => {
      const key = `permission:${text(properties, 'FunctionName')}`;
      return { key, id: key, attributes: {} };
    },
  }),
};
