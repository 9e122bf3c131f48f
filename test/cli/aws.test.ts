import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { laptopPolicy } from '../../src/aws/laptop-rights.js';
import { installBucketName, licenceParameterName, stackName, tagKeys } from '../../src/aws/names.js';
import type { AwsInstallRecord } from '../../src/aws/install-record.js';
import { sha256Of } from '../../src/disk/hash.js';
import { ACCOUNT, INSTALL, LAPTOP, REGION, SITE, startCloud, type Cloud } from '../aws-install/cloud.js';
import { launch } from '../aws-install/machines.js';
import { addBucket } from '../aws/s3/state.js';
import { temporaryFolder } from '../helpers/folder.js';
import { readValues, type RawValues } from '../../src/cli/command.js';
import type { Context } from '../../src/cli/context.js';
import { aws as command } from '../../src/cli/commands/aws.js';
import { awsInit } from '../../src/cli/actions/aws-init.js';
import { aws, type AwsValues } from '../../src/cli/actions/aws.js';
import type { Kit } from '../../src/domain/machine-kit.js';
import { taaf, type Ran } from './harness.js';

const bucket = installBucketName(INSTALL, ACCOUNT, REGION);

const KIT = Buffer.alloc(200_000, 'kit');

/** The real one fetches hundreds of megabytes. */
const makeKit = async (
  system: Kit['system'],
  { paths }: { readonly paths: { readonly data: string } },
): Promise<Kit> => {
  const file = join(paths.data, `${system}.tar.gz`);
  await writeFile(file, KIT);
  return { system, file, sha256: sha256Of(KIT), bytes: KIT.length };
};

/** `taaf aws` with that maker of kits. */
const commands = [
  {
    ...command,
    invoke: async (raw: RawValues, context: Context) => {
      const values = readValues(command.args, raw) as unknown as AwsValues;
      return values.action === 'init' ? awsInit(values, context, makeKit) : aws(values, context);
    },
  },
];

interface Home {
  readonly folder: string;
  readonly run: (...argv: string[]) => Promise<Ran>;
  readonly record: () => Promise<AwsInstallRecord>;
}

/** A home of TAAF whose installation id is known. */
async function home(
  env: Readonly<Record<string, string>> = { AWS_ACCESS_KEY_ID: 'set', AWS_REGION: REGION },
): Promise<Home> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data', 'install-id'), `${INSTALL}\n`);
  return {
    folder,
    run: (...argv) =>
      taaf(['aws', ...argv], { env: { TAAF_HOME: folder, TAAF_TIME_SCALE: '1000', ...env }, cwd: folder, commands }),
    record: async () => JSON.parse(await readFile(join(folder, 'data', 'aws.json'), 'utf8')) as AwsInstallRecord,
  };
}

const madeNothing = ({ double, s3 }: Cloud): void => {
  expect(double.journal.calls('CreateChangeSet')).toEqual([]);
  expect(s3.buckets.size).toBe(0);
};

describe('taaf aws init', () => {
  it('says what it makes and for whom, makes it, and changes nothing the second time', async () => {
    const cloud = await startCloud();
    const { run, record } = await home();
    const first = await run('init', '--yes');
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toContain(`AWS account ${ACCOUNT} as the user laptop, region ${REGION} (from AWS_REGION)`);
    expect(first.stderr).toContain(bucket);
    expect(first.stderr).toContain('costs nothing by itself');
    expect(first.stdout).toContain('is ready');
    expect(await record()).toMatchObject({ ...SITE, installBucket: bucket });
    expect(await record()).not.toHaveProperty('topaz');
    const kit = (await record()).kits?.['linux'];
    expect(kit).toEqual({ key: `kits/linux/${sha256Of(KIT)}.tar.gz`, sha256: sha256Of(KIT), bytes: KIT.length });
    expect(cloud.s3.buckets.get(bucket)?.objects.get(kit?.key ?? '')?.bytes).toBe(KIT.length);

    const again = await run('init', '--yes', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ done: 'unchanged', installBucket: bucket });
    expect(cloud.double.journal.calls('ExecuteChangeSet')).toHaveLength(1);
    const puts = cloud.double.journal.events.filter((event) => event['action'] === 'PutObject');
    expect(puts).toHaveLength(1);
  });

  it('makes nothing without a yes', async () => {
    const cloud = await startCloud();
    const ran = await (await home()).run('init');
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('add --yes');
    madeNothing(cloud);
  });

  it('makes nothing where the bucket is somebody else’s', async () => {
    const cloud = await startCloud();
    addBucket(cloud.s3, { name: bucket, region: REGION, owner: '999999999999' });
    const ran = await (await home()).run('init', '--yes');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('somebody else’s');
    expect(cloud.double.journal.calls('CreateChangeSet')).toEqual([]);
  });

  it('asks for the region that nobody has said, and refuses what is none', async () => {
    const cloud = await startCloud();
    const nowhere = await home({ AWS_ACCESS_KEY_ID: 'set' });
    const none = await nowhere.run('init', '--yes');
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toContain('No AWS region is set');
    const wrong = await nowhere.run('init', '--yes', '--aws-region', 'Frankfurt');
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('"Frankfurt" is no region of AWS');
    expect(cloud.double.journal.events).toEqual([]);
  });
});

describe('a sign-in that is no good', () => {
  /** AWS configuration with a profile that signs in through SSO. */
  async function configured(): Promise<Cloud> {
    const cloud = await startCloud();
    const folder = await temporaryFolder();
    const config = join(folder, 'config');
    const sso = 'sso_session = home\nsso_account_id = 123456789012\nsso_role_name = Admin\nregion = eu-central-1\n';
    const session = '[sso-session home]\nsso_region = eu-central-1\nsso_start_url = https://example.com/start\n';
    await writeFile(
      config,
      `[profile tv]\n${sso}${session}[profile role]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = tv\nregion = eu-central-1\n`,
    );
    Reflect.deleteProperty(process.env, 'AWS_ACCESS_KEY_ID');
    Reflect.deleteProperty(process.env, 'AWS_SECRET_ACCESS_KEY');
    Object.assign(process.env, { AWS_CONFIG_FILE: config, HOME: folder });
    return cloud;
  }

  it.each([
    ['tv', 3, 'Run: aws sso login --profile tv'],
    ['role', 3, 'Run: aws sso login --profile tv'],
    ['tb', 2, 'There is no AWS profile "tb" on this computer'],
  ])('of profile %s ends with %i and says what to do (E51)', async (profile, code, text) => {
    const cloud = await configured();
    const ran = await (await home({})).run('init', '--yes', '--aws-profile', profile, '--aws-region', REGION);
    expect(ran.stderr).toContain(text);
    expect(ran.code).toBe(code);
    madeNothing(cloud);
  });

  it('that is none at all is told so', async () => {
    const cloud = await configured();
    const ran = await (await home({})).run('init', '--yes', '--aws-region', REGION);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('No AWS credentials were found');
    madeNothing(cloud);
  });

  it('that has expired is told so', async () => {
    const cloud = await startCloud();
    cloud.double.signIn('expired');
    const ran = await (await home()).run('init', '--yes');
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('The AWS credentials have expired');
    madeNothing(cloud);
  });
});

describe('the user’s own Topaz', () => {
  const secret = 'the secret sign-in of Topaz';

  async function files(folder: string) {
    const installer = Buffer.alloc(3_000_000, 'installer');
    await writeFile(join(folder, 'TopazVideo-1.7.0.msi'), installer);
    await writeFile(join(folder, 'auth.tpz'), secret);
    return [
      '--topaz-installer',
      'TopazVideo-1.7.0.msi',
      '--topaz-sha256',
      sha256Of(installer),
      '--topaz-licence',
      'auth.tpz',
    ];
  }

  it('is brought to AWS after a yes to its terms, and its sign-in is seen nowhere', async () => {
    const cloud = await startCloud();
    const there = await home();
    const ran = await there.run(
      'init',
      '--yes',
      '--accept-topaz-terms',
      '--topaz-seats',
      '2',
      ...(await files(there.folder)),
    );
    expect(ran).toMatchObject({ code: 0 });
    const { topaz } = await there.record();
    expect(topaz).toMatchObject({ seats: 2, installer: { version: '1.7.0', bytes: 3_000_000 } });
    expect(cloud.s3.buckets.get(bucket)?.objects.get(topaz?.installer?.key ?? '')?.bytes).toBe(3_000_000);
    const stored = cloud.double.world.parameters.get(licenceParameterName(INSTALL));
    expect(stored?.secure).toBe(true);
    expect(Buffer.from(stored?.value ?? '', 'base64').toString()).toBe(secret);
    for (const text of [secret, stored?.value ?? secret])
      expect(`${ran.stdout}${ran.stderr}${JSON.stringify(await there.record())}`).not.toContain(text);

    // The question was answered; a new sign-in takes the place of the old one.
    await writeFile(join(there.folder, 'auth.tpz'), 'newer');
    expect(await there.run('init', '--yes', '--topaz-licence', 'auth.tpz')).toMatchObject({ code: 0 });
    const newer = cloud.double.world.parameters.get(licenceParameterName(INSTALL))?.value ?? '';
    expect(Buffer.from(newer, 'base64').toString()).toBe('newer');
    expect((await there.record()).topaz).toEqual(topaz);
  });

  it('waits for the yes', async () => {
    const cloud = await startCloud();
    const there = await home();
    const ran = await there.run('init', '--yes', ...(await files(there.folder)));
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('--accept-topaz-terms');
    madeNothing(cloud);
  });

  it('is refused where it is not what the hash says, before anything is made', async () => {
    const cloud = await startCloud();
    const there = await home();
    const [option = '', file = ''] = await files(there.folder);
    for (const hash of [[], ['--topaz-sha256', 'abc'], ['--topaz-sha256', sha256Of('another')]]) {
      const ran = await there.run('init', '--yes', '--accept-topaz-terms', option, file, ...hash);
      expect(ran.code).toBe(2);
    }
    madeNothing(cloud);
  });
});

describe('taaf aws check', () => {
  async function ready(): Promise<{ cloud: Cloud; there: Home }> {
    const cloud = await startCloud();
    const there = await home();
    expect(await there.run('init', '--yes')).toMatchObject({ code: 0 });
    return { cloud, there };
  }

  it('finds all well with exactly the rights that it prints', async () => {
    const { cloud, there } = await ready();
    const { stdout } = await there.run('policy');
    expect(stdout.replace(/\s/g, '').length).toBeLessThanOrEqual(6144);
    cloud.policies.set(LAPTOP, JSON.parse(stdout) as never);
    const ran = await there.run('check');
    expect(ran.stdout).not.toContain('BAD');
    expect(ran.code).toBe(0);
    // The built program too: it loads every client of the SDK out of its bundle.
    const program = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
    const env = { ...process.env, TAAF_HOME: there.folder };
    const built = await promisify(execFile)(process.execPath, [program, 'aws', 'check', '--quiet'], { env });
    expect(built.stdout).not.toContain('BAD');
    expect(built.stderr).toBe('');
    expect(cloud.double.instances()).toEqual([]);
  });

  it('names each right that is missing, with the statement to add (E52)', async () => {
    const { cloud, there } = await ready();
    const { Statement } = laptopPolicy(SITE);
    for (const { Sid } of Statement) {
      cloud.policies.set(LAPTOP, { Statement: Statement.filter((each) => each.Sid !== Sid) });
      const ran = await there.run('check', '--json');
      const { findings } = JSON.parse(ran.stdout) as { findings: { state: string; fix?: string }[] };
      expect(ran.code, Sid).toBe(1);
      expect(
        findings.filter(({ state }) => state === 'bad').map(({ fix }) => fix),
        Sid,
      ).toEqual([expect.stringContaining(`"Sid":"${Sid}"`) as string]);
    }
  });

  it.each([
    ['ec2', 'RunInstances', 'EC2 refuses a launch'],
    ['s3', 'PutObject', 'Writing into the bucket'],
  ])('finds that %s refuses %s (E52)', async (service, action, text) => {
    const { cloud, there } = await ready();
    cloud.double.script({ service, action, kind: 'denied' });
    const ran = await there.run('check');
    expect(ran.stdout).toContain(text);
    expect(ran.code).toBe(1);
  });

  it('waits for a human where AWS allows no GPU machine yet, with the command that asks', async () => {
    const { cloud, there } = await ready();
    Object.assign(cloud.double.account.quotas, { 'on-demand': 0, spot: 0 });
    const ran = await there.run('check', '--json');
    expect(ran.code).toBe(3);
    for (const code of ['L-DB2E81BA', 'L-3819A6DF'])
      expect(ran.stdout).toContain(`--quota-code ${code} --desired-value 8 --region ${REGION}`);
  });

  it('says what to run where there is nothing yet', async () => {
    await startCloud();
    const ran = await (await home()).run('check');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('fix: Run: taaf aws init');
  });
});

describe('taaf aws remove', () => {
  it('refuses while seasons have something there, and takes everything out when told', async () => {
    const cloud = await startCloud();
    const there = await home();
    await there.run('init', '--yes');
    const season = `${bucket}-0123456789ab`;
    addBucket(cloud.s3, { name: season, region: REGION, owner: ACCOUNT });
    addBucket(cloud.s3, { name: 'holiday-pictures', region: REGION, owner: ACCOUNT });
    const own = await launch(cloud, { [tagKeys.install]: INSTALL, [tagKeys.machine]: 'e01-l1' });
    const others = await launch(cloud, { [tagKeys.install]: 'fedcba9876543210' });

    const refused = await there.run('remove', '--yes');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(own);
    expect(refused.stderr).toContain(season);
    expect(cloud.s3.buckets.has(bucket)).toBe(true);

    const removed = await there.run('remove', '--yes', '--discard');
    expect(removed).toMatchObject({ code: 0 });
    expect([...cloud.s3.buckets.keys()]).toEqual(['holiday-pictures']);
    expect(cloud.double.instances().map(({ id, state }) => [id, state])).toEqual([
      [own, 'terminated'],
      [others, 'running'],
    ]);
    expect(cloud.double.world.documents.size).toBe(0);
    await expect(there.record()).rejects.toThrow('ENOENT');
    expect(await there.run('remove', '--yes')).toMatchObject({ code: 0 });
  });

  it('is asked before it does anything', async () => {
    const cloud = await startCloud();
    const there = await home();
    await there.run('init', '--yes');
    expect(await there.run('remove')).toMatchObject({ code: 3 });
    expect(cloud.s3.buckets.has(bucket)).toBe(true);
    expect((await there.record()).install).toBe(INSTALL);
  });
});

describe('taaf aws template', () => {
  it('prints what init deploys', async () => {
    const cloud = await startCloud();
    const there = await home();
    const { stdout } = await there.run('template');
    await there.run('init', '--yes');
    const [call] = cloud.double.journal.calls('CreateChangeSet');
    const { TemplateBody, StackName } = call?.input as { TemplateBody: string; StackName: string };
    expect(StackName).toBe(stackName(INSTALL));
    expect(JSON.parse(TemplateBody)).toEqual(JSON.parse(stdout));
  });
});
