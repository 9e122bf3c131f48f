/** A kit of the tests: the real Node.js, and an agent that starts a child and stays. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { KitRef } from '../../../src/domain/aws.js';

/** It writes its number and its child's, one line for each of its lives, and dies when a file `crash` is there. */
const AGENT = `
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const child = spawn('sleep', ['1000']);
appendFileSync('lives', JSON.stringify({ pid: process.pid, child: child.pid, machine: settings.machine }) + '\\n');
setInterval(() => {
  if (existsSync('finish')) process.exit(0);
}, 20);
`;

/** @returns the archive's bytes and its place in the install's bucket */
export async function makeKit(folder: string): Promise<{ readonly bytes: Buffer; readonly ref: KitRef }> {
  const kit = join(folder, 'kit-source');
  await mkdir(join(kit, 'bin'), { recursive: true });
  await mkdir(join(kit, 'dist'));
  await symlink(process.execPath, join(kit, 'bin', 'node'));
  await writeFile(join(kit, 'dist', 'package.json'), '{"type":"commonjs"}');
  await writeFile(join(kit, 'dist', 'agent.js'), AGENT);
  const archive = join(folder, 'kit.tar.gz');
  await execa('tar', ['-czf', archive, '-C', kit, '.']);
  const bytes = await readFile(archive);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, ref: { key: `kits/linux/${sha256}.tar.gz`, sha256, bytes: bytes.length } };
}
