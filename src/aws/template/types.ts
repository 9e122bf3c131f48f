/** A CloudFormation template as data. */

/** A value of a property: literals, and the two intrinsic functions that the template needs. */
export type Value = string | number | boolean | Reference | readonly Value[] | { readonly [key: string]: Value };

export type Reference =
  { readonly Ref: string } | { readonly 'Fn::GetAtt': readonly [resource: string, attribute: string] };

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: string;
  readonly Properties: object;
}

export interface Output {
  readonly Description: string;
  readonly Value: Value;
}

export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, Output>>;
}

export const ref = (resource: string): Reference => ({ Ref: resource });
export const attribute = (resource: string, name: string): Reference => ({ 'Fn::GetAtt': [resource, name] });
