/** What a season on AWS will need, asked of AWS: each answer one finding with its fix. */
import { checkBucket } from '../../aws/bucket-check.js';
import { dryRunLaunch } from '../../aws/dry-run.js';
import { laptopRights, type Right } from '../../aws/laptop-rights.js';
import { hasLicence } from '../../aws/licence.js';
import { gpuQuota, gpuQuotas, quotaRequest } from '../../aws/quotas.js';
import { simulatedRights } from '../../aws/rights.js';
import { requireInstall } from '../../aws/site.js';
import type { OutputName } from '../../aws/template/template.js';
import type { Market } from '../../domain/aws.js';
import { factOf } from '../../domain/failures.js';
import type { AwsHere } from '../actions/aws-place.js';
import { identityLine } from '../views/aws.js';
import type { Finding } from '../views/doctor.js';
import { findingsOf } from './check.js';

/** A finding that may wait for somebody's hand outside of TAAF: AWS's yes to a quota, a sign-in. */
export interface AwsFinding extends Finding {
  readonly byHand?: true;
}

/** AWS's own image, and a machine that most zones have: only rights are asked about. */
const IMAGE = '/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base';
const TYPE = 'g6.2xlarge';
/** vCPUs of one such machine: what to ask AWS for at least. */
const VCPUS = 8;

export async function checksOf(here: AwsHere): Promise<AwsFinding[]> {
  const account: AwsFinding = { name: 'account', state: 'ok', found: identityLine(here.identity, here.region) };
  const installed = await findingsOf('install', () => checkInstall(here));
  const outputs = installed.some(({ state }) => state === 'bad')
    ? undefined
    : await requireInstall(here.clients, here.site);
  const rest = await Promise.all([
    findingsOf('rights', () => checkRights(here)),
    ...(outputs === undefined
      ? []
      : [
          findingsOf('bucket', () => checkObjects(here, outputs)),
          findingsOf('launch', () => checkLaunch(here, outputs)),
        ]),
    checkQuotas(here),
    findingsOf('Topaz', () => checkTopaz(here)),
  ]);
  return [account, ...installed, ...rest.flat()];
}

async function checkInstall({ clients, site }: AwsHere): Promise<Finding[]> {
  await requireInstall(clients, site);
  return [{ name: 'install', state: 'ok', found: `the stack of TAAF in ${site.region} is whole` }];
}

async function checkRights({ clients, identity, site }: AwsHere): Promise<Finding[]> {
  const rights = laptopRights(site);
  const verdicts = await simulatedRights(clients, identity, rights);
  if (verdicts === undefined)
    return [
      {
        name: 'rights',
        state: 'note',
        found: 'IAM cannot be asked what you may do; the checks below try what can be tried',
        fix: 'Allow iam:SimulatePrincipalPolicy and iam:GetRole, or compare with: taaf aws policy',
      },
    ];
  return verdicts.map(({ right, missing }) => rightFinding(right, missing));
}

const rightFinding = ({ purpose, statement }: Right, missing: readonly string[]): Finding =>
  missing.length === 0
    ? { name: 'rights', state: 'ok', found: `may ${purpose}` }
    : {
        name: 'rights',
        state: 'bad',
        found: `may not ${purpose}: ${missing.join(', ')}`,
        fix: `add this statement to your policy: ${JSON.stringify(statement)}`,
      };

async function checkObjects({ clients, site }: AwsHere, { Bucket }: Outputs): Promise<Finding[]> {
  await checkBucket(clients, Bucket, site.account);
  return [{ name: 'bucket', state: 'ok', found: `${Bucket}: written, read and deleted` }];
}

type Outputs = Readonly<Record<OutputName, string>>;

async function checkLaunch({ clients, site }: AwsHere, outputs: Outputs): Promise<Finding[]> {
  const { Vpc: vpc, SecurityGroup: securityGroup } = outputs;
  const answer = await dryRunLaunch(clients, { site, vpc, securityGroup, imageParameter: IMAGE, type: TYPE });
  switch (answer.outcome) {
    case 'allowed':
      return [{ name: 'launch', state: 'ok', found: `EC2 would launch a machine (asked with a dry run of ${TYPE})` }];
    case 'denied': {
      const wanted = laptopRights(site).filter(({ statement: { Sid } }) => /^(Launch|TagAtLaunch|PassRole)/.test(Sid));
      return [
        {
          name: 'launch',
          state: 'bad',
          found: `EC2 refuses a launch: ${answer.evidence}`,
          fix: `add these statements to your policy: ${JSON.stringify(wanted.map(({ statement }) => statement))}`,
        },
      ];
    }
    case 'refused':
      return [{ name: 'launch', state: 'bad', found: `EC2 would not launch a machine: ${answer.evidence}` }];
  }
}

/** On demand none can be launched without the first; spot has its own, and seasons may do without. */
async function checkQuotas({ clients, identity }: AwsHere): Promise<AwsFinding[]> {
  const one = async (market: Market): Promise<AwsFinding> => {
    const name = `quota ${market}`;
    try {
      const vCpus = await gpuQuota(clients, market);
      const found = `${vCpus} vCPUs of GPU machines at once (${gpuQuotas[market].name})`;
      if (vCpus >= VCPUS) return { name, state: 'ok', found };
      const fix = `ask AWS for more (hours to days): ${quotaRequest(identity, market, VCPUS)}`;
      return { name, state: 'note', found, fix };
    } catch (error) {
      const { what, evidence } = factOf(error);
      return { name, state: 'bad', found: `${what} (${evidence ?? ''})` };
    }
  };
  const findings = await Promise.all([one('on-demand'), one('spot')]);
  const none = findings.every(({ state }) => state === 'note');
  return none ? findings.map((finding) => ({ ...finding, state: 'bad', byHand: true })) : findings;
}

async function checkTopaz({ clients, site, record }: AwsHere): Promise<AwsFinding[]> {
  const topaz = record?.topaz;
  if (topaz === undefined) return [];
  const seats = `${topaz.seats} ${topaz.seats === 1 ? 'seat' : 'seats'}, terms accepted on ${topaz.agreedAt.slice(0, 10)}`;
  const missing = [
    ...(topaz.installer === undefined ? ['--topaz-installer FILE --topaz-sha256 HASH'] : []),
    ...((await hasLicence(clients, site.install)) ? [] : ['--topaz-licence FILE']),
  ];
  if (missing.length === 0)
    return [{ name: 'Topaz', state: 'ok', found: `installer and sign-in are there (${seats})` }];
  const fix = `Run: taaf aws init ${missing.join(' ')}`;
  return [{ name: 'Topaz', state: 'bad', found: `installer or sign-in are missing (${seats})`, fix, byHand: true }];
}
