import { describe, expect, it } from 'vitest';
import { command } from '../../src/cli/command.js';
import { commands } from '../../src/cli/commands/index.js';
import { exitCodeOf } from '../../src/cli/run.js';
import { Failure, failureKinds, type FailureKind } from '../../src/domain/failures.js';
import { taaf, type Ran } from './harness.js';

const failing = (error: unknown) =>
  command({
    name: 'fail',
    summary: 'Fails',
    examples: [['taaf fail', 'always']],
    args: {},
    run: () => Promise.reject(error as Error),
  });
const failWith = (error: unknown, ...argv: string[]): Promise<Ran> =>
  taaf(['fail', ...argv], {
    commands: [failing(error)],
    program: { explain: (kind) => Promise.resolve(`checked for ${kind}`) },
  });

describe('the command line', () => {
  it('shows five commands with examples when it is called without any', async () => {
    const ran = await taaf([]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout.match(/^ {2}taaf /gm)).toHaveLength(5);
    expect(ran.stdout).toContain('taaf --help');
  });

  it('lists every command with --help and with -h', async () => {
    const ran = await taaf(['--help']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    for (const { name, summary } of commands)
      expect(ran.stdout).toContain(`  ${name.padEnd(10)}${summary.slice(0, 50)}`);
    expect(await taaf(['-h'])).toEqual(ran);
  });

  it.each(commands.map(({ name }) => name))('has help with examples for %s', async (name) => {
    const ran = await taaf([name, '--help']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('Examples:');
    expect(ran.stdout).toContain(`taaf ${name}`);
  });

  it('has only examples that it can read itself', async () => {
    const calls = commands.flatMap(({ examples }) => examples.map(([line]) => line.replace(/^[A-Z_]+=\S+ /, '')));
    for (const line of calls) {
      const ran = await taaf([...line.split(' ').slice(1), '--help']);
      expect(ran, line).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('prints its version', async () => {
    expect(await taaf(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('keeps within a narrow terminal', async () => {
    for (const argv of [[], ['--help']]) {
      const { stdout } = await taaf(argv, { terminal: { columns: 40, rows: 20 } });
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
    }
  });

  it('writes results to standard output and errors to standard error', async () => {
    const ran = await taaf(['nonsense']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('"nonsense" is no command of taaf');
  });
});

describe('a failure', () => {
  it('says what, why, the kind and what to do, after what the computer’s check found', async () => {
    const ran = await failWith(new Failure('disk-full', 'The disk of /x is full', { evidence: 'ENOSPC' }));
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr.split('\n')).toEqual([
      'checked for disk-full',
      'Error: The disk of /x is full',
      '  Why: ENOSPC',
      '  Kind: disk-full',
      `  Next: ${failureKinds['disk-full'].next}`,
      '',
    ]);
  });

  it('is one JSON line on standard error with --json', async () => {
    const ran = await failWith(new Failure('quota', 'No more machines'), '--json');
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(JSON.parse(ran.stderr)).toMatchObject({
      kind: 'error',
      failure: { kind: 'quota', what: 'No more machines' },
    });
  });

  it('is reported as JSON also when the command line itself is wrong', async () => {
    const ran = await taaf(['submit', '--json', '--nonsense', 'x']);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.stderr)).toMatchObject({ failure: { kind: 'usage' } });
  });

  it('that nobody foresaw asks for a report with everything in it', async () => {
    const ran = await failWith(new TypeError('boom'));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('TypeError: boom');
    expect(ran.stderr).toContain('run.test.ts');
    expect(ran.stderr).toContain('taaf 1.2.3');
    expect(ran.stderr).toContain('ran fail');
  });

  it.each([
    ['usage', 2],
    ['auth-expired', 3],
    ['licence', 3],
    ['over-budget', 3],
    ['quota', 3],
    ['disk-full', 1],
    ['bug', 1],
  ] satisfies [FailureKind, number][])('of kind %s ends with %i', (kind, code) => expect(exitCodeOf(kind)).toBe(code));
});

describe('colours', () => {
  const error = new Failure('bug', 'x');
  const escape = '\u001b[';

  it('are not on a pipe', async () => {
    expect((await failWith(error)).stderr).not.toContain(escape);
  });

  it('are off on a terminal with --no-color', async () => {
    const { stdout } = await taaf(['--no-color'], {
      terminal: { columns: 80, rows: 24 },
      env: { TERM: 'xterm-256color' },
    });
    expect(stdout).not.toContain(escape);
  });

  it('are on a terminal unless NO_COLOR or TERM says no', async () => {
    const terminal = { columns: 80, rows: 24 };
    expect((await taaf([], { terminal, env: { TERM: 'xterm-256color' } })).stdout).toContain(escape);
    expect((await taaf([], { terminal, env: { TERM: 'xterm-256color', NO_COLOR: '1' } })).stdout).not.toContain(escape);
    expect((await taaf([], { terminal, env: { TERM: 'dumb' } })).stdout).not.toContain(escape);
  });
});
