// `npm run demo`: sets everything up, upscales the example season with a real AI model through real Temporal workflows, and shows the result.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const season = join(root, 'assets/example-season');
const out = join(root, 'demo');

/** Runs `taaf` as a user would, on this terminal. */
function taaf(...args) {
  const { status } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const ask = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, [join(root, 'dist/cli.js'), ...args, '--json'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );

/** One picture a result: the source as a player would enlarge it, beside what the model made of it. */
function compare(ffmpeg, source, result) {
  const picture = join(out, `${basename(result, '.mkv')} - before and after.png`);
  const left = `[0:v]bwdif=mode=send_frame:deint=interlaced[b0];[b0][1:v]scale=rw:rh:flags=bilinear,setsar=1,crop=iw/2:ih:iw/4:0[before]`;
  const graph = `${left};[1:v]crop=iw/2:ih:iw/4:0[after];[before][after]hstack`;
  const at = ['-ss', '1.2', '-i'];
  const argv = [
    '-nostdin',
    '-v',
    'error',
    '-y',
    ...at,
    source,
    ...at,
    result,
    '-filter_complex',
    graph,
    '-frames:v',
    '1',
    picture,
  ];
  execFileSync(ffmpeg, argv, { stdio: 'inherit' });
  return picture;
}

mkdirSync(out, { recursive: true });
console.log('TAAF demo: two half-D1 episodes, four times as large. On two plain cores this takes about two minutes.\n');
taaf('setup');
taaf('submit', season, '--profile', 'dvd-preview', '--out', out, '--yes', '--watch');
console.log('');
taaf('report', ask('list').find((known) => known.out === out).season);

const { tools, temporal } = ask('doctor');
const results = readdirSync(out).filter((name) => name.endsWith('.mkv'));
console.log('\nResults:');
for (const name of results) {
  console.log(`  ${join(out, name)}`);
  console.log(`  ${compare(tools.ffmpeg, join(season, name), join(out, name))}`);
}
console.log(`\nTemporal’s Web UI: ${temporal.uiAddress}`);
console.log('Your own season:   npx taaf submit ./your-folder');
console.log('Stop everything:   npx taaf down');
