/** What the user's AWS configuration says of a profile: read as the SDK reads it, nothing secret kept. */
import { loadSharedConfigFiles } from '@smithy/core/config';

export interface ProfileFacts {
  readonly name: string;
  readonly exists: boolean;
  /** Command that signs in again; absent where the profile has keys of its own. */
  readonly signIn?: string;
  readonly region?: string;
  /** All that there are. */
  readonly known: readonly string[];
}

type Profiles = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

/** @param profile absent: the one that the environment names, or `default` */
export async function profileFacts(profile?: string): Promise<ProfileFacts> {
  // Not from the SDK's cache: a profile may have been made since.
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const name = profile ?? process.env['AWS_PROFILE'] ?? 'default';
  const known = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])].filter(
    (key) => !key.startsWith('sso-session.') && !key.startsWith('services.'),
  );
  const region = configFile[name]?.['region'] ?? credentialsFile[name]?.['region'];
  const signIn = signInOf(name, configFile);
  return {
    name,
    exists: known.includes(name),
    known,
    ...(signIn === undefined ? {} : { signIn }),
    ...(region === undefined ? {} : { region }),
  };
}

/** Follows `source_profile`: a role is taken with another profile's sign-in. */
function signInOf(name: string, profiles: Profiles, before: readonly string[] = []): string | undefined {
  const profile = profiles[name];
  if (profile === undefined || before.includes(name)) return undefined;
  if (profile['sso_session'] !== undefined || profile['sso_start_url'] !== undefined)
    return `aws sso login --profile ${name}`;
  if (profile['login_session'] !== undefined) return `aws login --profile ${name}`;
  const source = profile['source_profile'];
  return source === undefined ? undefined : signInOf(source, profiles, [...before, name]);
}
