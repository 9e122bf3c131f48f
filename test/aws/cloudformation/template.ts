/** Templates as CloudFormation reads them: what the double does not know it refuses, as AWS refuses what does not exist. */
import { AwsError } from '../protocol/error.js';

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Description?: string; readonly Value: unknown }>>;
}

/** What a made resource is to others: its `Ref`, and the attributes of `Fn::GetAtt`. */
export interface Made {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const LONGEST = 51_200;
const sections = new Set(['AWSTemplateFormatVersion', 'Description', 'Resources', 'Outputs']);
const ofResource = new Set(['Type', 'DependsOn', 'Properties']);

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

export function readTemplate(body: string, types: readonly string[]): Template {
  if (Buffer.byteLength(body) > LONGEST)
    throw invalid(`1 validation error detected: 'templateBody' must have length less than or equal to ${LONGEST}`);
  const template = parsed(body);
  const strange = Object.keys(template).find((name) => !sections.has(name));
  if (strange !== undefined) throw invalid(`Invalid template property or properties [${strange}]`);
  const { Resources = {}, Outputs = {} } = template;
  if (Object.keys(Resources).length === 0)
    throw invalid('Template format error: At least one Resources member must be defined.');
  for (const [name, resource] of Object.entries(Resources)) {
    if (!/^[A-Za-z0-9]+$/.test(name))
      throw invalid(`Template format error: Resource name ${name} is non alphanumeric.`);
    const extra = Object.keys(resource).find((key) => !ofResource.has(key));
    if (extra !== undefined) throw invalid(`Encountered unsupported property ${extra}`);
    if (!types.includes(resource.Type))
      throw invalid(`Template format error: Unrecognized resource types: [${resource.Type}]`);
    for (const other of needs(resource))
      if (!(other in Resources))
        throw invalid(`Template format error: Unresolved resource dependencies [${other}] in the Resources block`);
  }
  for (const { Value } of Object.values(Outputs))
    for (const other of referred(Value))
      if (!(other in Resources))
        throw invalid(`Template format error: Unresolved resource dependencies [${other}] in the Outputs block`);
  return { Resources, Outputs };
}

function parsed(body: string): Partial<Template> {
  try {
    return JSON.parse(body) as Partial<Template>;
  } catch {
    throw invalid('Template format error: the double reads JSON');
  }
}

/** Names of the resources that must be there before. */
export const needs = ({ DependsOn = [], Properties }: Resource): string[] => [
  ...(typeof DependsOn === 'string' ? [DependsOn] : DependsOn),
  ...referred(Properties),
];

/** In an order in which each comes after those that it needs. */
export function inOrder(resources: Template['Resources']): string[] {
  const order: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw invalid(`Circular dependency between resources: [${path.join(', ')}]`);
    if (order.includes(name)) return;
    const resource = resources[name];
    if (resource) for (const other of needs(resource)) visit(other, [...path, name]);
    order.push(name);
  };
  for (const name of Object.keys(resources)) visit(name, []);
  return order;
}

function referred(value: unknown): string[] {
  const found = intrinsic(value);
  if (found) return [found.resource];
  if (Array.isArray(value)) return value.flatMap(referred);
  return isRecord(value) ? Object.values(value).flatMap(referred) : [];
}

/** The value with every reference replaced. */
export function resolved(value: unknown, made: ReadonlyMap<string, Made>): unknown {
  const found = intrinsic(value);
  if (found) {
    const { resource, attribute } = found;
    const target = made.get(resource);
    if (target === undefined) throw invalid(`${resource} is not there yet`);
    const result = attribute === undefined ? target.id : target.attributes[attribute];
    if (result === undefined)
      throw invalid(`Template error: resource ${resource} does not support attribute type ${attribute ?? ''}`);
    return result;
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, made));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, made)]));
}

/** A function of the template: `Ref` and `Fn::GetAtt` are known, every other is refused. */
function intrinsic(value: unknown): { readonly resource: string; readonly attribute?: string } | undefined {
  if (!isRecord(value)) return undefined;
  const [[name, argument] = ['', undefined], ...more] = Object.entries(value);
  if (name !== 'Ref' && !name.startsWith('Fn::')) return undefined;
  if (more.length > 0) throw invalid('Template format error: a function stands alone');
  if (name === 'Ref' && typeof argument === 'string') return { resource: argument };
  if (name === 'Fn::GetAtt' && Array.isArray(argument) && argument.length === 2)
    return { resource: String(argument[0]), attribute: String(argument[1]) };
  throw invalid(`Template error: the double does not know ${name} of ${JSON.stringify(argument)}`);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
