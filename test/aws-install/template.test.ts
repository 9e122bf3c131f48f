import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machineRights } from '../../src/aws/machine-rights.js';
import * as names from '../../src/aws/names.js';
import { installTemplate } from '../../src/aws/template/template.js';
import { evaluate } from '../aws/iam/simulate.js';
import { ACCOUNT, INSTALL, REGION, SITE } from './cloud.js';

const install = fc.stringMatching(/^[0-9a-f]{16}$/);
const account = fc.stringMatching(/^[0-9]{12}$/);
const region = fc.constantFrom('us-east-1', 'ap-southeast-1', 'us-gov-east-1', 'eusc-de-east-1', 'mx-central-1');

describe('names in AWS', () => {
  it('are legal for whatever they name', () => {
    fc.assert(
      fc.property(install, account, region, fc.stringMatching(/^[a-z0-9]{6,12}$/), (id, number, where, nonce) => {
        const bucket = names.installBucketName(id, number, where);
        const season = names.seasonBucketName({ install: id, account: number, region: where }, nonce);
        for (const name of [bucket, season]) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
        expect(season.startsWith(`${bucket}-`)).toBe(true);
        expect(names.stackName(id)).toMatch(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/);
        expect(names.startDocumentName(id)).toMatch(/^[a-zA-Z0-9_\-.]{3,128}$/);
        for (const role of [names.roleName(id, where), names.terminatorRoleName(id, where)])
          expect(role).toMatch(/^[\w+=,.@-]{1,64}$/);
        expect(names.licenceParameterName(id)).toMatch(/^\/taaf\/[0-9a-f]{16}\/[a-z]+$/);
      }),
    );
  });

  it('are refused for what is no installation, account, region or nonce', () => {
    expect(() => names.stackName('../x')).toThrow(RangeError);
    expect(() => names.installBucketName(INSTALL, '12345', REGION)).toThrow(RangeError);
    expect(() => names.installBucketName(INSTALL, ACCOUNT, 'Frankfurt')).toThrow(RangeError);
    expect(() => names.seasonBucketName(SITE, 'A'.repeat(8))).toThrow(RangeError);
  });
});

describe('a machine', () => {
  const bucket = names.installBucketName(INSTALL, ACCOUNT, REGION);
  const season = names.seasonBucketName(SITE, '0123456789ab');
  const may = (action: string, resource: string, owner = ACCOUNT): boolean =>
    evaluate({ Statement: machineRights(SITE) }, action, resource, new Map([['aws:resourceaccount', [owner]]]))
      .EvalDecision === 'allowed';

  it.each([
    ['s3:GetObject', `arn:aws:s3:::${season}/sources/e01/abc`],
    ['s3:PutObject', `arn:aws:s3:::${season}/machines/e01-l1/progress.json`],
    ['s3:ListBucket', `arn:aws:s3:::${season}`],
    ['s3:GetObject', `arn:aws:s3:::${bucket}/kits/windows/abc.tar.gz`],
    ['s3:GetObject', 'arn:aws:s3:::ec2-windows-nvidia-drivers/latest/x.exe'],
    ['ssm:GetParameter', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/taaf/${INSTALL}/licence`],
  ])('may %s of %s', (action, resource) => expect(may(action, resource)).toBe(true));

  it.each([
    ['s3:DeleteObject', `arn:aws:s3:::${season}/work/x`],
    ['s3:PutObject', `arn:aws:s3:::${bucket}/kits/windows/abc.tar.gz`],
    ['s3:GetObject', `arn:aws:s3:::${bucket}/ansible/secret`],
    ['s3:GetObject', `arn:aws:s3:::taaf-fedcba9876543210-${ACCOUNT}-${REGION}-0123456789ab/x`],
    ['s3:ListAllMyBuckets', '*'],
    ['ssm:GetParameter', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/taaf/fedcba9876543210/licence`],
    ['ssm:GetParameter', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/database-password`],
    ['ec2:RunInstances', '*'],
    ['ec2:TerminateInstances', `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-1`],
    ['iam:PassRole', '*'],
  ])('may not %s of %s', (action, resource) => expect(may(action, resource)).toBe(false));

  it('may not use a bucket of that name in another account', () => {
    expect(may('s3:PutObject', `arn:aws:s3:::${season}/work/x`, '999999999999')).toBe(false);
  });
});

describe('the template', () => {
  const template = installTemplate({ ...SITE, vpc: 'vpc-1', startDocument: {}, terminator: 'exports.handler = 1' });

  it('fits into one request with a start document of 16 KB', () => {
    const startDocument = { x: 'y'.repeat(16_000) };
    const text = JSON.stringify(
      installTemplate({ ...SITE, vpc: 'vpc-1', startDocument, terminator: 'z'.repeat(4000) }),
    );
    expect(Buffer.byteLength(text)).toBeLessThan(51_200);
  });

  it('lets nothing come in', () => {
    expect(template.Resources['MachineSecurityGroup']?.Properties).toMatchObject({ SecurityGroupIngress: [] });
  });

  it('leaves the last resort out where it is not wanted', () => {
    const { Resources } = installTemplate({ ...SITE, vpc: 'vpc-1', startDocument: {} });
    expect(Object.values(Resources).some(({ Type }) => /Lambda|Events|Logs/.test(Type))).toBe(false);
  });
});
