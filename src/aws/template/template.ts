/** Everything that TAAF keeps in an account, as one CloudFormation template with every name written out: what is reviewed is what is made. Pure. */
import type { AwsSite } from '../arns.js';
import { startDocumentName } from '../names.js';
import { bucketResources } from './bucket.js';
import { machineResources } from './machine.js';
import { terminatorResources } from './terminator.js';
import { attribute, ref, type Output, type Resource, type Template } from './types.js';

export interface TemplateOptions extends AwsSite {
  /** The network that the machines are in. */
  readonly vpc: string;
  /** Content of the SSM document that starts the agent on a machine (src/fleet/aws/ssm). */
  readonly startDocument: object;
  /** Source of the last-resort terminator; absent: the template has none. */
  readonly terminator?: string;
}

/** What the stack tells of itself, by the names of its outputs. */
export const outputNames = ['Bucket', 'InstanceProfile', 'SecurityGroup', 'StartDocument', 'Vpc'] as const;
export type OutputName = (typeof outputNames)[number];

export function installTemplate({ vpc, startDocument, terminator, ...site }: TemplateOptions): Template {
  const outputs: Readonly<Record<OutputName, Output>> = {
    Bucket: { Description: 'Bucket for kits, installers and transfers', Value: ref('Bucket') },
    InstanceProfile: { Description: 'Instance profile of machines', Value: ref('MachineProfile') },
    SecurityGroup: { Description: 'Security group of machines', Value: attribute('MachineSecurityGroup', 'GroupId') },
    StartDocument: { Description: 'SSM document that starts the agent', Value: ref('StartDocument') },
    Vpc: { Description: 'Network of the machines', Value: vpc },
  };
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'TAAF: what lasts between seasons. Made by: taaf aws init. Removed by: taaf aws remove.',
    Resources: {
      ...bucketResources(site),
      ...machineResources(site, vpc),
      StartDocument: startDocumentResource(site.install, startDocument),
      ...(terminator === undefined ? {} : terminatorResources(site, terminator)),
    },
    Outputs: outputs,
  };
}

const startDocumentResource = (install: string, content: object): Resource => ({
  Type: 'AWS::SSM::Document',
  Properties: {
    Name: startDocumentName(install),
    DocumentType: 'Command',
    DocumentFormat: 'JSON',
    TargetType: '/AWS::EC2::Instance',
    // The new version becomes the default one; to replace a document that has a name of its own is refused.
    UpdateMethod: 'NewVersion',
    Content: content,
  },
});
