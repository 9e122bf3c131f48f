/** What machines are launched with: a role, its profile, and a security group that lets nothing in. */
import type { AwsSite } from '../arns.js';
import { machineRights } from '../machine-rights.js';
import { instanceProfileName, roleName, securityGroupName } from '../names.js';
import { policy, trust } from '../policy.js';
import { ref, type Resource } from './types.js';

/** @param vpc the network that the machines are in */
export function machineResources(
  site: AwsSite,
  vpc: string,
): Readonly<Record<'MachineRole' | 'MachineProfile' | 'MachineSecurityGroup', Resource>> {
  const { install, region } = site;
  return {
    MachineRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: roleName(install, region),
        Description: 'What a machine of TAAF may do',
        AssumeRolePolicyDocument: trust('ec2.amazonaws.com'),
        Policies: [{ PolicyName: 'machine', PolicyDocument: policy(machineRights(site)) }],
      },
    },
    MachineProfile: {
      Type: 'AWS::IAM::InstanceProfile',
      Properties: { InstanceProfileName: instanceProfileName(install, region), Roles: [ref('MachineRole')] },
    },
    MachineSecurityGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupName: securityGroupName(install),
        GroupDescription: 'Machines of TAAF: nothing comes in, HTTPS goes out',
        VpcId: vpc,
        SecurityGroupIngress: [],
        // Names, time, metadata and the activation of Windows pass outside of security groups.
        SecurityGroupEgress: [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0', Description: 'HTTPS' },
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv6: '::/0', Description: 'HTTPS' },
        ],
      },
    },
  };
}
