/** Every command of the documentation: run on the real program in a home of its own, page by page, or listed with the reason why not. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { optionName } from '../../src/cli/command.js';
import { commands } from '../../src/cli/commands/index.js';
import { ffmpeg } from '../helpers/rendered.js';
import { notRun } from './elsewhere.js';
import { commandsOf, inlineCommands, page, pages, root } from './pages.js';

const exec = promisify(execFile);
const toured = [
  'README.md',
  ...['profiles', 'cadence', 'report', 'configuration', 'service', 'proofs', 'troubleshooting'].map(
    (name) => `docs/${name}.md`,
  ),
];
const program = join(root, 'dist', 'cli.js');

/** What a reader has when the tour begins: a home with settings, a folder with short episodes, and somebody who can be told. */
let home = '';
let told: Server;
const notices: string[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'taaf-test-'));
  told = createServer((request, response) => {
    request.on('data', (data: Buffer) => notices.push(data.toString('utf8'))).on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(told, 'listening');
  await write(
    '.config/taaf/config.yaml',
    `profile: tiny\nnotify: [json://127.0.0.1:${(told.address() as AddressInfo).port}/]\n`,
  );
  await write(
    '.config/taaf/profiles/tiny.yaml',
    'upscale: { engine: ffmpeg }\nsize: { scale: 1 }\nencode: { preset: ultrafast }\n',
  );
  await mkdir(join(home, 'bin'));
  await symlink(program, join(home, 'bin', 'taaf'));
  await chmod(program, 0o755);
  await mkdir(join(home, 'voyager-s1'));
  for (const number of [1, 2, 3]) {
    // At the rate of film nobody has to ask whether it is film or video.
    const picture = ['-f', 'lavfi', '-i', `testsrc2=size=64x48:rate=24:duration=${number}`];
    await ffmpeg(...picture, '-c:v', 'mpeg2video', join(home, 'voyager-s1', `title_t0${number}.mkv`));
  }
});

afterAll(async () => {
  await bash('taaf cancel || true; taaf down');
  told.close();
  await rm(home, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), text);
}

const bash = (script: string) => {
  const { TAAF_TOOLCHAIN } = process.env;
  const path = `${join(home, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`;
  const env = { HOME: home, PATH: path, TAAF_TOOLCHAIN, TAAF_TIME_SCALE: '10' };
  return exec('bash', ['-exc', script], { cwd: home, env });
};

const ofTaaf = (command: string): boolean => /^([A-Z_]+=\S* )*taaf /.test(command);

describe('commands of the documentation', () => {
  it('work in the order in which they stand there', async () => {
    for (const path of toured) {
      const script = commandsOf(page(path)).filter((command) => notRun[command] === undefined);
      if (path === 'docs/troubleshooting.md') await obstruct();
      await expect(bash(script.join('\n')), path).resolves.toBeDefined();
    }
    expect(notices.join('\n')).toContain('voyager-s1 is finished');
  });

  it('are all on pages of the tour, or are listed', () => {
    const others = pages.filter(({ path }) => !toured.includes(path)).flatMap(commandsOf);
    expect(others.filter((command) => notRun[command] === undefined)).toEqual([]);
    const all = pages.flatMap(commandsOf);
    expect(Object.keys(notRun).filter((command) => !all.includes(command))).toEqual([]);
  });

  it.each(Object.keys(notRun).filter(ofTaaf))('that are not run are understood: %s', async (command) => {
    const { stdout } = await bash(`${command} --help`);
    expect(stdout).toContain('Examples:');
  });

  it('of npm are scripts of the package', () => {
    const scripts = pages.flatMap(commandsOf).flatMap((command) => /^npm run (\S+)/.exec(command)?.[1] ?? []);
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
    expect(scripts.length).toBeGreaterThan(0);
  });

  it('name commands and options that there are, also within sentences', () => {
    const wrong = pages.flatMap(inlineCommands).filter((line) => {
      if (line.endsWith('--help')) return false;
      const [, name, ...words] = line.split(' ');
      const found = commands.find((command) => command.name === name);
      const options = words.flatMap((word) => /^--([a-z-]+)/.exec(word)?.[1] ?? []);
      return !found || options.some((option) => !['json', ...Object.keys(found.args).map(optionName)].includes(option));
    });
    expect(wrong).toEqual([]);
  });
});

/** A result that is in the way: the season waits for its human, as on the page that tells what to do then. */
async function obstruct(): Promise<void> {
  await write('voyager-s1/upscaled/title_t01.mkv', 'something else');
  await bash('taaf submit ./voyager-s1 && { taaf watch || test $? = 3; }');
}
