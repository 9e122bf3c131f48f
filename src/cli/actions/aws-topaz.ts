/** The user's own Topaz, for machines in AWS: the yes to its terms, the installer, the sign-in. Nothing of it is TAAF's to give. */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AwsInstallRecord } from '../../aws/install-record.js';
import { storeLicence } from '../../aws/licence.js';
import { installBucketName, installKeys } from '../../aws/names.js';
import { uploadOnce } from '../../aws/upload.js';
import { sha256OfFile } from '../../disk/hash.js';
import { Failure } from '../../domain/failures.js';
import type { Context } from '../context.js';
import { telling } from '../patience.js';
import type { AwsValues } from './aws.js';
import type { AwsHere } from './aws-place.js';

export type TopazRecord = NonNullable<AwsInstallRecord['topaz']>;

/** What is asked for, checked: files are there and are what they should be. */
export interface TopazWish {
  /** Of the installer. */
  readonly source?: { readonly place: string; readonly sha256: string; readonly version?: string };
  readonly licence?: Buffer;
}

const SHA256 = /^[0-9a-f]{64}$/;

/** `undefined` where nothing is said of Topaz. @throws Failure `usage` before anything is made */
export async function topazWish(values: AwsValues, { cwd }: Context): Promise<TopazWish | undefined> {
  const { topazInstaller: place, topazSha256, topazLicence, topazSeats, acceptTopazTerms } = values;
  if (place === undefined && topazSha256 !== undefined)
    throw new Failure('usage', '--topaz-sha256 is the hash of an installer: --topaz-installer is missing');
  if (place === undefined && topazLicence === undefined && topazSeats === undefined && !acceptTopazTerms)
    return undefined;
  const sha256 = topazSha256?.toLowerCase();
  if (place !== undefined && (sha256 === undefined || !SHA256.test(sha256)))
    throw new Failure('usage', 'The SHA-256 of the Topaz installer is missing, or is none', {
      next: 'Add --topaz-sha256 with 64 hexadecimal digits: sha256sum FILE prints them',
    });
  const licence = topazLicence === undefined ? undefined : await readFile(resolve(cwd, topazLicence)).catch(unreadable);
  return {
    ...(place === undefined || sha256 === undefined ? {} : { source: await sourceOf(place, sha256, cwd) }),
    ...(licence === undefined ? {} : { licence }),
  };
}

async function sourceOf(place: string, sha256: string, cwd: string): Promise<NonNullable<TopazWish['source']>> {
  const version = /-(\d+(?:\.\d+)+)\.msi$/i.exec(basename(place))?.[1];
  const known = { sha256, ...(version === undefined ? {} : { version }) };
  if (/^https:/i.test(place)) return { place, ...known };
  if (/^[a-z]+:\/\//i.test(place)) throw new Failure('usage', `${place} is no https address`);
  const file = resolve(cwd, place);
  await sameHash(file, sha256);
  return { place: file, ...known };
}

async function sameHash(file: string, sha256: string): Promise<void> {
  const found = await sha256OfFile(file).catch(unreadable);
  if (found !== sha256)
    throw new Failure('usage', `${file} is not the file that --topaz-sha256 names`, {
      evidence: `its SHA-256 is ${found}`,
      next: 'Get the installer again, or give the hash of this one if you trust it',
    });
}

function unreadable(cause: unknown): never {
  throw new Failure('usage', 'A file of Topaz cannot be read', { evidence: (cause as Error).message, cause });
}

/** When the user said yes; `undefined` where nobody can be asked, `false` for a no. */
export async function agreed(
  { acceptTopazTerms }: AwsValues,
  record: AwsInstallRecord | undefined,
  context: Context,
): Promise<string | false | undefined> {
  if (record?.topaz !== undefined) return record.topaz.agreedAt;
  const now = new Date().toISOString();
  if (acceptTopazTerms) return now;
  const text =
    'Topaz Video is yours, not TAAF’s: its machines use your licence, under Topaz Labs’ terms. ' +
    'A licence has two seats; TAAF takes one (--topaz-seats 2 if you sign out at home).';
  context.emit({ kind: 'note', text });
  const answer = await context.confirm(
    'Do you have a licence, and do its terms allow you to use it on rented machines?',
  );
  return answer === true ? now : answer;
}

/** Brings the installer and the sign-in to AWS. */
export async function supplyTopaz(
  { source, licence }: TopazWish,
  before: TopazRecord,
  here: AwsHere,
  context: Context,
): Promise<TopazRecord> {
  const installer = source && (await supplyInstaller(source, here, context));
  const parameter = licence && (await storeLicence(here.clients, here.site.install, licence));
  return {
    ...before,
    ...(installer === undefined ? {} : { installer }),
    ...(parameter === undefined ? {} : { licence: { parameter } }),
  };
}

async function supplyInstaller(
  { place, sha256, version }: NonNullable<TopazWish['source']>,
  { clients, site, paths }: AwsHere,
  context: Context,
): Promise<NonNullable<TopazRecord['installer']>> {
  await mkdir(paths.cache, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(paths.cache, 'topaz-'));
  const tell = telling(context, (file, share) => `${file}: ${share}`);
  try {
    const file = place.startsWith('/') ? place : await fetched(place, join(scratch, 'installer.msi'), context);
    if (file !== place) await sameHash(file, sha256);
    const ref = await uploadOnce(clients, {
      bucket: installBucketName(site.install, site.account, site.region),
      account: site.account,
      key: installKeys.topazInstaller(sha256),
      file,
      sha256,
      signal: context.signal,
      progress: (done, total) => tell('Uploading the Topaz installer', done, total),
    });
    return { ...ref, ...(version === undefined ? {} : { version }) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fetched(url: string, file: string, context: Context): Promise<string> {
  const { signal } = context;
  context.emit({ kind: 'step', text: 'Fetching the Topaz installer …' });
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file), { signal });
    return file;
  } catch (cause) {
    throw new Failure('network', 'The Topaz installer could not be fetched', {
      evidence: (cause as Error).message,
      next: 'Fetch it yourself and give the file: --topaz-installer FILE',
      cause,
    });
  }
}
