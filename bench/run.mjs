// `npm run bench`: figures as a Markdown table, with the machine named. Nothing here is asserted; compare figures of one run only.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const cli = join(root, 'dist/cli.js');
const RUNS = 11;

/** Median wall time of a command in seconds, after one run that is not counted. */
function median(program, args, env) {
  const times = [];
  for (let run = 0; run <= RUNS; run++) {
    const began = performance.now();
    spawnSync(program, args, { env, stdio: 'ignore' });
    if (run > 0) times.push((performance.now() - began) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)];
}

const bytesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

const home = mkdtempSync(join(tmpdir(), 'taaf-bench-'));
const env = { ...process.env, TAAF_HOME: home };
const rows = [];
try {
  const taaf = (...args) => spawnSync(process.execPath, [cli, ...args], { env, encoding: 'utf8' });
  taaf('up');
  const { tools } = JSON.parse(taaf('doctor', '--json').stdout);
  rows.push(['node -e 0', median(process.execPath, ['-e', '0'], env), 's']);
  rows.push(['temporal --version', median(tools.temporal, ['--version'], env), 's']);
  rows.push(['taaf --help', median(process.execPath, [cli, '--help'], env), 's']);
  rows.push(['taaf list', median(process.execPath, [cli, 'list'], env), 's']);
  rows.push(['bundles (dist)', bytesIn(join(root, 'dist')) / 1e6, 'MB']);
  rows.push(['node_modules', bytesIn(join(root, 'node_modules')) / 1e6, 'MB']);
} finally {
  spawnSync(process.execPath, [cli, 'down'], { env, stdio: 'ignore' });
  rmSync(home, { recursive: true, force: true });
}

const memory = (totalmem() / 2 ** 30).toFixed(0);
console.log(
  `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${memory} GiB, Node ${process.version}; medians of ${RUNS}\n`,
);
console.log('| what | figure |\n| --- | --- |');
for (const [what, figure, unit] of rows) console.log(`| ${what} | ${figure.toFixed(figure < 10 ? 3 : 0)} ${unit} |`);
