/** Which region is meant: what was said, then the environment, then the profile. */
import { Failure } from '../domain/failures.js';
import { looksLikeRegion } from './names.js';
import { profileFacts } from './profiles.js';

export interface Region {
  readonly name: string;
  /** Where it is from, for people: `--aws-region`, `AWS_REGION`, `profile default`. */
  readonly from: string;
}

export interface RegionSources {
  /** Said on the command line. */
  readonly said?: string;
  readonly profile?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @throws Failure `usage` where none is said, or what is said cannot be one */
export async function regionOf({ said, profile, env }: RegionSources): Promise<Region> {
  const region = said === undefined ? await found(profile, env) : { name: said, from: '--aws-region' };
  if (region === undefined)
    throw new Failure('usage', 'No AWS region is set', {
      next: 'Add --aws-region, such as --aws-region eu-central-1, or set AWS_REGION',
    });
  if (!looksLikeRegion(region.name))
    throw new Failure('usage', `"${region.name}" is no region of AWS (from ${region.from})`, {
      next: 'Give one such as eu-central-1 or us-east-1: --aws-region NAME',
    });
  return region;
}

async function found(profile: string | undefined, env: RegionSources['env']): Promise<Region | undefined> {
  for (const variable of ['AWS_REGION', 'AWS_DEFAULT_REGION']) {
    const name = env[variable];
    if (name) return { name, from: variable };
  }
  const facts = await profileFacts(profile);
  return facts.region === undefined ? undefined : { name: facts.region, from: `profile ${facts.name}` };
}
