/** The command line before it is parsed: what the parser would get wrong is put right here. */
import type { Globals } from './context.js';

/**
 * After `--` the parser fills no positional; the marker goes, and what began with a dash becomes a path (`./-name`), which is
 * what such an item is: a folder or file with an awkward name.
 */
export function withoutMarker(argv: readonly string[]): string[] {
  const at = argv.indexOf('--');
  if (at < 0) return [...argv];
  const rest = argv.slice(at + 1).map((item) => (item.startsWith('-') ? `./${item}` : item));
  return [...argv.slice(0, at), ...rest];
}

/** Options that may be given again become one with commas between the values: of the others the parser takes the last one. */
export function withoutRepeats(words: readonly string[], many: readonly string[]): string[] {
  const joined = new Map<string, string[]>();
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const [, name = '', , value = words[i + 1]] = /^--([^=]+)(=(.*))?$/s.exec(word) ?? [];
    if (!many.includes(name) || value === undefined || (!word.includes('=') && value.startsWith('-'))) rest.push(word);
    else {
      joined.set(name, [...(joined.get(name) ?? []), value]);
      if (!word.includes('=')) i++;
    }
  }
  return [...rest, ...[...joined].map(([name, values]) => `--${name}=${values.join(',')}`)];
}

/** The options that hold even when the rest cannot be parsed: an error must respect `--json`, too. */
export function globalsOf(argv: readonly string[]): Globals {
  const end = argv.indexOf('--');
  const options = new Set(end < 0 ? argv : argv.slice(0, end));
  return {
    json: options.has('--json'),
    quiet: options.has('-q') || options.has('--quiet'),
    noColor: options.has('--no-color'),
  };
}
