/** The last resort: a function inside AWS that ends machines after their deadline, whatever became of the laptop and of the machine's own timers. */
import { arnsOf, type AwsSite } from '../arns.js';
import { tagKeys, terminatorName, terminatorRoleName } from '../names.js';
import { allow, policy, trust } from '../policy.js';
import { attribute, ref, type Resource } from './types.js';

const EVERY = 'rate(15 minutes)';
const LOG_DAYS = 30;

/** @param code source of the function: assets/aws/terminator.cjs */
export function terminatorResources(
  site: AwsSite,
  code: string,
): Readonly<
  Record<'TerminatorRole' | 'TerminatorLog' | 'Terminator' | 'TerminatorTimer' | 'TerminatorCall', Resource>
> {
  const { install, region } = site;
  const arns = arnsOf(site);
  const name = terminatorName(install);
  const rights = [
    allow('FindMachines', 'ec2:DescribeInstances', '*'),
    allow('EndMachines', 'ec2:TerminateInstances', arns.ec2('instance/*'), {
      StringEquals: { [`aws:ResourceTag/${tagKeys.install}`]: install },
    }),
    allow('WriteLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], arns.terminatorLog),
  ];
  return {
    TerminatorRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: terminatorRoleName(install, region),
        Description: 'Ends machines of TAAF after their deadline',
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
        Policies: [{ PolicyName: 'terminator', PolicyDocument: policy(rights) }],
      },
    },
    // Of its own, so that it goes with the stack instead of staying for ever.
    TerminatorLog: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: `/aws/lambda/${name}`, RetentionInDays: LOG_DAYS },
    },
    Terminator: {
      Type: 'AWS::Lambda::Function',
      DependsOn: 'TerminatorLog',
      Properties: {
        FunctionName: name,
        Description: 'Ends machines of TAAF after their deadline',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 60,
        MemorySize: 256,
        Role: attribute('TerminatorRole', 'Arn'),
        Environment: { Variables: { TAAF_INSTALL: install } },
        Code: { ZipFile: code },
      },
    },
    TerminatorTimer: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: name,
        Description: 'Looks for machines of TAAF after their deadline',
        ScheduleExpression: EVERY,
        State: 'ENABLED',
        Targets: [{ Id: 'terminator', Arn: attribute('Terminator', 'Arn') }],
      },
    },
    TerminatorCall: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: ref('Terminator'),
        Principal: 'events.amazonaws.com',
        SourceArn: attribute('TerminatorTimer', 'Arn'),
      },
    },
  };
}
