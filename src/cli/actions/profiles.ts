/** `taaf profiles`: what there is, one in full, or a file checked. */
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { Failure } from '../../domain/failures.js';
import type { Profile } from '../../domain/profile.js';
import { listProfiles } from '../../intake/catalog.js';
import { builtinPath, isBuiltin } from '../../profiles/builtin.js';
import type { ExitCode } from '../command.js';
import type { Context, Look } from '../context.js';
import { profileFolders, profileNamed } from '../profile-source.js';
import { wrap } from '../views/text.js';

interface Values {
  readonly action: 'show' | 'check' | undefined;
  readonly profile: string | undefined;
}

export async function profiles({ action, profile: name }: Values, context: Context): Promise<ExitCode> {
  const { env } = context;
  const names = (await listProfiles(profileFolders(env))).map((known) => known.name);
  if (action === undefined) return list(await Promise.all(names.map((known) => profileNamed(known, context))), context);
  if (name === undefined)
    throw new Failure('usage', `<profile> is missing: which one to ${action}`, {
      next: `Known are: ${names.join(', ')}`,
    });
  const profile = await profileNamed(name, context);
  if (action === 'check') context.result(profile, () => `${name} is a good profile: ${profile.description}`);
  else await show(name, profile, context);
  return 0;
}

function list(all: readonly Profile[], context: Context): ExitCode {
  context.result(all, (look) => all.flatMap((profile) => entry(profile, look)).join('\n'));
  return 0;
}

const entry = ({ name, description }: Profile, look: Look): string[] => [
  look.paint('bold', name),
  ...wrap(`  ${description}`, look.columns, '  '),
];

/** The file itself: its comments explain it, and it is the start of a profile of one's own. */
async function show(name: string, profile: Profile, context: Context): Promise<void> {
  const file = await fileOf(name, context);
  const text = await readFile(file, 'utf8');
  context.result(profile, (look) => `${look.paint('dim', `# ${file}`)}\n${text.trimEnd()}`);
}

async function fileOf(name: string, { env, cwd }: Context): Promise<string> {
  const folders = profileFolders(env);
  const own = (await listProfiles(folders)).find((known) => known.name === name)?.file;
  if (own !== undefined) return own;
  return isBuiltin(name) && extname(name) === '' ? builtinPath(folders.assets, name) : resolve(cwd, name);
}
