/** Text on a terminal: widths as they are seen, and names that cannot harm it. */
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Control and direction characters of file names and log lines, made visible: a name must not move the cursor. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (c) =>
    c === '\n' ? '\\n' : c === '\t' ? ' ' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

/** Columns that a text takes. */
export const widthOf = (text: string): number => stringWidth(text);

/** The text, with an ellipsis in its middle where it is wider than `width` columns: the end of an episode's name tells most. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  const letters = [...graphemes.segment(text)].map(({ segment }) => segment);
  const tail = take(letters.toReversed(), Math.ceil((width - 1) * 0.6)).toReversed();
  const head = take(letters, width - 1 - widthOf(tail.join('')));
  return `${head.join('')}…${tail.join('')}`;
}

/** As many of the first letters as fit. */
function take(letters: readonly string[], width: number): string[] {
  let used = 0;
  const end = letters.findIndex((letter) => (used += widthOf(letter)) > width);
  return letters.slice(0, end < 0 ? letters.length : end);
}

/** Filled with blanks to `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/**
 * Lines of at most `width` columns, broken at blanks; the lines after the first are indented by `indent`.
 * A longer word is not broken: paths are copied.
 */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? '';
  for (const word of text.trimStart().split(' ')) {
    const longer = line.trim() === '' ? line + word : `${line} ${word}`;
    if (line.trim() !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
