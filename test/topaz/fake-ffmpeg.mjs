/**
 * Topaz's ffmpeg in small: a program of its own that behaves as measured and documented, around a real ffmpeg that makes real frames.
 * Its model enlarges by repeating pixels; its NVENC is x265. What it is to do stands in `state.json` of its folder (see install.ts).
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [folder, ...argv] = process.argv.slice(2);
const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
const { TVAI_MODEL_DIR: models, TVAI_MODEL_DATA_DIR: data } = process.env;
appendFileSync(join(folder, 'calls.jsonl'), `${JSON.stringify(argv)}\n`);

const after = (flag) => argv[argv.indexOf(flag) + 1];
const say = (line) => process.stderr.write(`${line}\n`);
const output = argv.at(-1);
const isRender = output.endsWith('.mkv');
const talks = ['verbose', 'debug'].includes(after('-loglevel'));

/** -22 on Windows is 4294967274; here only the low byte is left. Frame errors are ENOSYS. */
const EINVAL = 234;
const ENOSYS = 218;

function end(code, ...lines) {
  lines.forEach(say);
  process.exit(code);
}

/** A refused configuration leaves an empty file. */
function refuse(line) {
  if (isRender) writeFileSync(output, '');
  end(EINVAL, line, 'Error opening output files: Invalid argument');
}

const forEver = () => new Promise(() => setInterval(() => undefined, 60_000));

function help(filter) {
  if (filter === 'tvai_up') return process.stdout.write(readFileSync(join(folder, 'tvai_up.txt'), 'utf8'));
  const isMissing = filter === 'zscale' && state.zscale === false;
  if (isMissing) return process.stdout.write(`Unknown filter '${filter}'.\n\nExiting with exit code 0\n`);
  return real(['-hide_banner', '-h', `filter=${filter}`]);
}

/** Runs the real ffmpeg, which ends with this process. */
function real(args, onFrames) {
  const child = spawn(state.ffmpeg, args, { stdio: ['ignore', onFrames ? 'pipe' : 'inherit', 'inherit'] });
  process.once('SIGTERM', () => {
    child.kill('SIGKILL');
    process.exit(255);
  });
  child.stdout?.on('data', (chunk) => {
    for (const [, frames] of String(chunk).matchAll(/^frame=\s*(\d+)$/gm)) onFrames(Number(frames));
  });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 255)));
}

function optionsOf(text) {
  return Object.fromEntries(text.split(':').map((pair) => pair.split('=')));
}

const weightsStart = (model) => `${model.replace(/-(\d+)$/, '-v$1')}-`;

/** Checks the filter as Topaz's does before the first frame. */
function check(filter, options) {
  const known = readFileSync(join(folder, 'tvai_up.txt'), 'utf8');
  for (const name of Object.keys(options)) {
    const isKnown = filter === 'tvai_pe' ? ['model', 'download'].includes(name) : known.includes(`\n   ${name} `);
    if (!isKnown)
      end(8, `[AVFilterGraph @ 0x1] Error applying option '${name}' to filter '${filter}': Option not found`);
  }
  const { model, scale, download } = options;
  const definition = models && data && process.cwd() === folder && join(models, `${model}.json`);
  if (!definition || !existsSync(definition)) return refuse(`[Parsed_${filter}_0 @ 0x1] Model not found: ${model}`);
  if (filter === 'tvai_up') {
    const { backends } = JSON.parse(readFileSync(definition, 'utf8'));
    const scales = Object.values(backends).flatMap((backend) => Object.keys(backend.scales));
    if (!scales.includes(scale)) {
      return refuse(
        `Invalid scale ${scale} for model ${model}, allowed scales are: ${[...new Set(scales)].join(', ')}`,
      );
    }
  }
  const isThere = readdirSync(data).some((file) => file.startsWith(weightsStart(model)));
  if (!isThere && download === '0') return refuse(`[Parsed_${filter}_0 @ 0x1] Model not found: ${model}`);
  if (!isThere) writeFileSync(join(data, `${weightsStart(model)}fp16-256x256-ox.tz3`), 'weights');
}

/** The verdict comes after a moment, and only to those who log more than `info`. */
function authenticate() {
  say(`INFO:  Checking for authentication at ${join(models, 'auth.tpz')}`);
  const probes = readFileSync(join(folder, 'calls.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"debug"')).length;
  const licence = probes > (state.goodProbes ?? Infinity) ? 'refused' : state.licence;
  const lines = {
    good: ['INFO:  Successfully authenticated for user: fan@example.com'],
    pair: ['INFO:  Relogin valid', 'INFO:  Auth Check Watermark: 0 0 0'],
    refused: [
      'INFO:  Failed to refresh auth: 401 reauthentication is required.',
      'INFO:  Refresh failed. Watermark will be enabled',
    ],
    foreign: ['CRITICAL:  Problems with unzipping file: no entry', 'CRITICAL:  Invalid auth file'],
    silent: ['INFO:  Signed in as fan@example.com, in words that nobody knows'],
    mute: [],
  };
  lines[licence].forEach(say);
}

/** The first use of a model on a GPU builds an engine, in silence. */
async function buildEngine({ model, scale }) {
  const engine = join(data, `${model}-${scale}.engine`);
  if (existsSync(engine)) return;
  if (state.build === 'never') await forEver();
  await pause(state.buildMs ?? 0);
  writeFileSync(engine, 'engine');
}

function lackMemory({ vram = 1, scale }) {
  const isTooMuch = Number(vram) > (state.vram ?? 1) || Number(scale) > (state.scale ?? 4);
  if (isTooMuch) end(ENOSYS, 'CUDA error: failed to alloc 734003200 bytes', 'The processing has failed');
}

const MARK = 'drawbox=x=iw*0.6:y=ih*0.6:w=iw*0.3:h=ih*0.3:color=white@0.4:t=fill';

function enlarged({ scale }) {
  const picture = `format=rgb48le,scale=iw*${scale}:ih*${scale}:flags=neighbor`;
  return state.watermark ? `${picture},${MARK},format=rgb48le` : `${picture},format=rgb48le`;
}

const nvenc = { '-preset': /^p[1-7]$/, '-tune': /^hq$/, '-profile:v': /^main(10)?$/, '-rc': /^constqp$/ };
Object.assign(nvenc, {
  '-qp': /^\d+$/,
  '-b:v': /^0$/,
  '-bf': /^0$/,
  '-g': /^\d+$/,
  '-forced-idr': /^1$/,
  '-strict_gop': /^1$/,
});

/** The words of hevc_nvenc in x265's, one by one: what NVENC does not know ends the run. */
function encoder(args) {
  const at = args.indexOf('-c:v');
  if (at < 0) return args;
  if (args[at + 1] !== 'hevc_nvenc') end(8, `Unknown encoder '${args[at + 1]}'`);
  const last = args.indexOf('-pix_fmt');
  const options = new Map();
  for (let i = at + 2; i < last; i += 2) {
    if (!nvenc[args[i]]?.test(args[i + 1])) end(8, `Unrecognized option '${args[i]} ${args[i + 1]}'`);
    options.set(args[i], args[i + 1]);
  }
  const params = `qp=${options.get('-qp')}:keyint=${options.get('-g')}:bframes=0:open-gop=0:info=0:repeat-headers=0:log-level=error:pools=1`;
  const planar = args.slice(last).map((word) => ({ p010le: 'yuv420p10le', nv12: 'yuv420p' })[word] ?? word);
  return [...args.slice(0, at), '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', params, ...planar];
}

async function main() {
  if (argv.includes('-h')) {
    await help(after('-h').replace('filter=', ''));
    return;
  }
  const used = [...after('-vf').matchAll(/(tvai_\w+)=([^,;]*)/g)].map(([, filter, text]) => [filter, optionsOf(text)]);
  for (const [filter, options] of used) check(filter, options);
  if (talks) {
    authenticate();
    // A verdict nobody knows ends at once; otherwise the engine of the probe would take its time.
    if (state.licence !== 'silent') await forEver();
    process.exit(0);
  }
  const [[filter, options]] = used;
  if (filter === 'tvai_up') {
    used.forEach(([, each]) => lackMemory(each));
    await buildEngine(options);
  }
  const fault = isRender || state.fault === 'doubles' ? state.fault : undefined;
  if (fault === 'refuse') refuse('Error initializing filters');
  if (fault === 'nothing') process.exit(0);
  if (fault === 'lapse') {
    say('WARNING: Refresh failed. Watermark will be enabled');
    await forEver();
  }
  const cut = ['short', 'fewer', 'crash', 'hang'].includes(fault) ? `,trim=end_frame=${state.frames}` : '';
  let chain = after('-vf').replace(/tvai_up=[^,;]*/g, (text) => enlarged(optionsOf(text.slice('tvai_up='.length))));
  // Two frames for each, as some models might.
  if (fault === 'doubles') chain += ',fps=source_fps*2';
  chain = chain
    .replace(/tvai_pe=[^,;]*/, 'null')
    .replace(/(settb=[^,]*,setpts=N)(?=,(format=gbrp16le|scale=w))/, `$1${cut}`);
  if (cut !== '' && !chain.includes(cut)) throw new Error('the fake found no place for its fault');
  const args = encoder(argv.map((word) => (word === after('-vf') ? chain : word)));
  args.splice(args.indexOf('-i'), 0, '-codec_whitelist', 'ffv1');
  let frames = 0;
  const code =
    filter === 'tvai_pe'
      ? await real([...args.slice(0, -1), '-progress', 'pipe:1', '-'], (done) => (frames = done))
      : await real(args);
  for (let i = 0; i < frames; i++) {
    say(
      `[Parsed_tvai_pe_9 @ 0x1] Parameter values:[ ${[i / 100 - 0.1, 0.2, 0.3, 0, 0.1, 0.45, 0, 0].map((value) => value.toFixed(6)).join(', ')},]`,
    );
  }
  if (fault === 'crash') process.kill(process.pid, 'SIGSEGV');
  if (fault === 'hang') await forEver();
  if (fault === 'short') say('Waited too long for processing, ending file 3');
  process.exit(code);
}

await main();
