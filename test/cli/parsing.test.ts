import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { command, type RawValues } from '../../src/cli/command.js';
import { commands } from '../../src/cli/commands/index.js';
import { parse } from '../../src/cli/register.js';
import { flag, list, oneOf, option, optional, positional, wholeNumber } from '../../src/cli/values.js';
import { Failure } from '../../src/domain/failures.js';
import { taaf } from './harness.js';

let seen: unknown;
const probe = command({
  name: 'probe',
  summary: 'Says what it was given',
  examples: [['taaf probe x', 'an example']],
  args: {
    folder: positional('a folder'),
    other: optional('something else'),
    out: option('where to'),
    profiles: list('which ones'),
    width: wholeNumber('how many', 1, 10),
    fleet: oneOf('whose', ['local', 'aws']),
    dryRun: flag('only show', 'n'),
  },
  run: (values) => {
    seen = values;
    return Promise.resolve(0 as const);
  },
});
const surroundings = { version: '1.2.3', columns: 80, complete: () => Promise.resolve([]) };

async function values(...argv: string[]): Promise<unknown> {
  seen = undefined;
  const ran = await taaf(argv, { commands: [probe] });
  return ran.code === 0 ? seen : ran;
}

async function rawOf(...argv: string[]): Promise<RawValues> {
  const parsed = await parse(argv, [probe], surroundings);
  if (parsed.kind !== 'run') throw new Error(`parsed as ${parsed.kind}`);
  return parsed.raw;
}

describe('the parser', () => {
  it('reads positionals, options and flags into the values of their types', async () => {
    expect(await values('probe', 'a', '--out', 'b', '--width', '3', '-n')).toEqual({
      folder: 'a',
      other: undefined,
      out: 'b',
      width: 3,
      fleet: undefined,
      dryRun: true,
    });
  });

  it('does not run the action of a command line that is wrong', async () => {
    expect(await values('probe', 'a', '--nonsense')).toMatchObject({ code: 2 });
    expect(seen).toBeUndefined();
  });

  it('keeps a folder named 1e3 or 007 as it is called', async () => {
    expect(await rawOf('probe', '1e3', '007')).toMatchObject({ folder: '1e3', other: '007' });
  });

  it.each(['abc', '0', '11', '1.5', '-3', '1e1', ''])('refuses %j as a number of machines', async (text) => {
    expect(await values('probe', 'a', '--width', text)).toMatchObject({ code: 2 });
  });

  it('takes the last of a repeated option instead of making a list', async () => {
    expect(await rawOf('probe', 'a', '--out', 'b', '--out', 'c')).toMatchObject({ out: 'c' });
  });

  it('makes one list of values with commas and of an option that is given again', async () => {
    const seenOf = async (...argv: string[]) =>
      ((await values('probe', 'a', ...argv)) as { profiles: unknown }).profiles;
    expect(await seenOf('--profiles', 'x, y', '--profiles=z', '-n', '--profiles', 'x')).toEqual(['x', 'y', 'z']);
    expect(await seenOf('--profiles', ',')).toEqual([]);
    expect(await values('probe', 'a', '--profiles')).toMatchObject({ code: 2 });
    expect(await values('probe', 'a', '--profiles', '-n')).toMatchObject({ code: 2 });
  });

  it('knows no --no-width and no --out.x', async () => {
    for (const word of ['--no-width', '--no-dry-run', '--out.x=3']) {
      const ran = await taaf(['probe', 'a', word], { commands: [probe] });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain('is no option of taaf probe');
    }
  });

  it('fills positionals after -- and makes a path of one that begins with a dash', async () => {
    expect(await rawOf('probe', '--', '-season', '--out')).toMatchObject({ folder: './-season', other: './--out' });
    expect(await rawOf('probe', '--out', 'x', '--', 'plain')).toMatchObject({ folder: 'plain', out: 'x' });
  });

  it('refuses a value for a flag', async () => {
    const ran = await taaf(['probe', 'a', '--dry-run=maybe'], { commands: [probe] });
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.stderr).toContain('--dry-run takes no value');
  });

  it('names the positional that is missing', async () => {
    const ran = await taaf(['probe'], { commands: [probe] });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('<folder> is missing');
  });

  it('names the value that is too many', async () => {
    const ran = await taaf(['probe', 'a', 'b', 'c'], { commands: [probe] });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('"c" is one value too many');
  });

  it('refuses an option without its value, also where another option follows', async () => {
    expect(await values('probe', 'a', '--out')).toMatchObject({ code: 2 });
    expect(await values('probe', 'a', '--out', '--dry-run')).toMatchObject({ code: 2 });
    expect(await values('probe', 'a', '--out=')).toMatchObject({ code: 2 });
  });

  it('suggests the command, the option and the choice that were probably meant', async () => {
    expect((await taaf(['sumbit', 'a'])).stderr).toContain('Did you mean submit?');
    expect((await taaf(['submit', 'a', '--profle', 'x'])).stderr).toContain('Did you mean --profile?');
    expect((await taaf(['submit', 'a', '--fleet', 'locl'])).stderr).toContain('Did you mean local?');
  });

  it('is in English under a German locale', async () => {
    const before = process.env['LC_ALL'];
    process.env['LC_ALL'] = 'de_DE.UTF-8';
    try {
      expect((await taaf(['submit', '--help'])).stdout).toContain('Options:');
    } finally {
      if (before === undefined) delete process.env['LC_ALL'];
      else process.env['LC_ALL'] = before;
    }
  });

  it('has no command line that it answers with anything but a result or a usage failure', async () => {
    const word = fc.oneof(
      fc.constantFrom(...commands.map(({ name }) => name)),
      fc.constantFrom(
        '--',
        '-',
        '--json',
        '-q',
        '-h',
        '--help',
        '--version',
        '--out',
        '--width=3',
        '--no-color',
        '--x.y=1',
      ),
      fc.constantFrom(
        '--__proto__',
        '--constructor',
        '--_',
        '--$0',
        '-9',
        '--=',
        '--get-yargs-completions',
        'completion',
      ),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }).map((text) => `--${text}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
        try {
          const parsed = await parse(argv, commands, surroundings);
          expect(['text', 'overview', 'run']).toContain(parsed.kind);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect((error as Failure).kind).toBe('usage');
        }
      }),
      { numRuns: 600 },
    );
  });
});
