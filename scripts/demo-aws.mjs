// `npm run demo:aws`: a whole season on AWS, without AWS: the real taaf, Temporal, Ansible and agents against the double of test/aws.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const out = join(root, 'demo-aws');
/** The double's clock and TAAF's waiting run so many times faster. */
const SCALE = 20;

const work = mkdtempSync(join(tmpdir(), 'taaf-demo-aws-'));
// A home of its own: the demo’s AWS is none that you would want to find in yours. What was fetched is kept for the next time.
const home = join(root, '.cache', 'demo-aws');
for (const name of ['state', 'data/seasons', 'data/work', 'data/aws.json'])
  rmSync(join(home, name), { recursive: true, force: true });
const programs = join(root, 'node_modules', '.taaf-demo');
/** @param folder where the program believes to lie: it finds files beside itself */
const bundle = (entry, folder) =>
  build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(programs, basename(entry).replace('.ts', '.mjs')),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    define: { 'import.meta.dirname': JSON.stringify(join(root, folder)) },
    logLevel: 'warning',
  });
await bundle('test/aws/main.ts', 'test/aws');
await bundle('test/helpers/ansible.ts', 'test/helpers');

console.log('TAAF demo on a double of AWS: nothing leaves this computer, and nothing is paid.');
console.log('The first run fetches Ansible and what the machines get, about 300 MB.\n');
const { sessionPlugin } = await import(join(programs, 'ansible.mjs'));
const plugin = await sessionPlugin();
if (plugin === undefined) {
  console.error(
    'There is neither AWS’s session-manager-plugin nor Go, which builds it. Install one of them, then try again.',
  );
  process.exit(1);
}
const tools = join(work, 'bin');
mkdirSync(tools);
symlinkSync(plugin, join(tools, 'session-manager-plugin'));

const options = {
  timeScale: SCALE,
  folder: join(work, 'aws'),
  delays: { visible: 2_000, running: 10_000, boot: 20_000 },
};
mkdirSync(options.folder);
const double = spawn(process.execPath, [join(programs, 'main.mjs'), JSON.stringify(options)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const { url, environment } = JSON.parse(
  await new Promise((resolve) => createInterface(double.stdout).once('line', resolve)),
);
const env = {
  ...process.env,
  ...environment,
  PATH: `${tools}:${process.env.PATH}`,
  TAAF_HOME: home,
  TAAF_TIME_SCALE: String(SCALE),
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};
const cli = join(root, 'dist/cli.js');

/** Runs `taaf` as a user would, on this terminal. */
function taaf(...args) {
  console.log(`\n$ taaf ${args.map((word) => (word.startsWith(root) ? word.slice(root.length) : word)).join(' ')}`);
  return spawnSync(process.execPath, [cli, ...args], { stdio: 'inherit', env }).status ?? 1;
}

/** What the double has to say: its bill, its orphans. */
const asked = async (path, body) =>
  (await fetch(`${url}/_double/${path}`, body && { method: 'POST', body: JSON.stringify(body) })).json();

try {
  rmSync(out, { recursive: true, force: true });
  const season = join(root, 'assets/example-season');
  const how = ['--fleet', 'aws', '--profile', join(root, 'scripts/demo-aws/fast.yaml'), '--out', out];
  taaf('aws', 'init', '--yes');
  taaf('aws', 'check');
  const code = taaf('submit', season, ...how, '--yes', '--watch');
  const bill = await asked('bill');
  const orphans = await asked('orphans', { claimed: [] });
  console.log('\nWhat the double says:');
  for (const { instance, type, market, charged, usd } of bill.lines)
    console.log(`  ${instance} ${type} (${market}): ${charged} s, USD ${usd.toFixed(4)}, ended`);
  console.log(`  Machines that nobody ended: ${orphans.length}. The bill: USD ${bill.usd.toFixed(4)}`);
  const doctor = spawnSync(process.execPath, [cli, 'doctor', '--json'], { env, encoding: 'utf8' });
  const { temporal } = JSON.parse(doctor.stdout);
  console.log(`\nResults: ${out}\nTemporal’s Web UI was at ${temporal.uiAddress}`);
  process.exitCode = code === 0 && orphans.length === 0 ? 0 : 1;
} finally {
  taaf('down');
  double.kill();
  rmSync(work, { recursive: true, force: true, maxRetries: 10 });
}
