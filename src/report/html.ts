/** HTML as a tagged template. What is put in is text and is escaped, unless it is HTML of this very template. */

/** A piece of HTML that may stand in a page as it is. */
export interface Html {
  readonly html: string;
}

export type Part = Html | string | number | undefined | readonly Part[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Characters of file names that would change what stands around them: markup, controls, and those that turn the direction of writing.
 * The latter two become the replacement character, so that they are seen.
 */
const escaped = (text: string): string =>
  text
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (c) => (c === '\n' || c === '\t' ? c : '\uFFFD'))
    .replace(/[&<>"']/g, (c) => escapes[c] ?? c);

/** Nothing for what is absent; the parts of a list one after the other. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.map((text, i) => text + textOf(parts[i])).join('') };
}

/** Text that is HTML, CSS or a script already and comes from the package itself: never a name, never a message. */
export const trusted = (text: string): Html => ({ html: text });

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(textOf).join('');
}
