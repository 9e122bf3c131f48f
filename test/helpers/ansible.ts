/** The real Ansible and AWS's real plugin, made once on this computer and kept in `.cache/`. */
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { taafPaths } from '../../src/config/paths.js';
import { ensureAnsible, type Ansible } from '../../src/toolchain/ansible.js';
import { findSessionPlugin } from '../../src/toolchain/session-plugin.js';

const cache = join(import.meta.dirname, '..', '..', '.cache');

export const ansible = (): Promise<Ansible> =>
  ensureAnsible({ paths: taafPaths({ TAAF_HOME: join(cache, 'taaf') }), report: (line) => console.log(line) }, 'linux');

/** The plugin of this computer, or one built from AWS's own source; undefined where there is neither it nor Go. */
export async function sessionPlugin(): Promise<string | undefined> {
  const module = join(import.meta.dirname, '..', 'aws', 'session', 'plugin');
  const sums = await readFile(join(module, 'go.sum'), 'utf8');
  const folder = join(cache, 'session-manager-plugin');
  const program = join(folder, createHash('sha256').update(sums).digest('hex').slice(0, 16));
  if (await exists(program)) return program;
  if (await execa('go', ['version'], { reject: false }).then(({ failed }) => failed)) {
    return findSessionPlugin(process.env);
  }
  await mkdir(folder, { recursive: true });
  const part = `${program}.${process.pid}`;
  const main = 'github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main';
  await execa('go', ['build', '-trimpath', '-o', part, main], { cwd: module });
  await rename(part, program);
  return program;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
