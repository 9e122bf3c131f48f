/** The documentation as the tests read it: pages, their fenced blocks, links, headings and tables. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface Page {
  /** Relative to the repository: `docs/profiles.md`. */
  readonly path: string;
  readonly text: string;
}

export const page = (path: string): Page => ({ path, text: readFileSync(join(root, path), 'utf8') });

const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => (folder === '.' ? name : `${folder}/${name}`));

export const pages: readonly Page[] = ['.', 'docs', 'docs/decisions'].flatMap(markdownIn).map(page);

/** Contents of the blocks that are fenced with the language `language`. */
export const blocks = ({ text }: Page, language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, found, content]) =>
    found === language && content !== undefined ? [content] : [],
  );

const withoutBlocks = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '');

/** Targets of the links, without those to other sites. */
export const links = ({ text }: Page): string[] =>
  [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .flatMap(([, target]) => target ?? [])
    .filter((target) => !target.includes('://'));

/** Anchors of the headings, by the rule of the common renderers. */
export const anchors = ({ text }: Page): string[] =>
  [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );

/** Cells of the first table under a heading, without its head. */
export function tableUnder({ text }: Page, heading: string): string[][] {
  const section = text.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  const cells = rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
  return cells.slice(2);
}

/** A page with the text between `<!-- name -->` and `<!-- end -->` put anew. */
export function filled({ path, text }: Page, name: string, content: string): Page {
  const [before, rest] = text.split(`<!-- ${name} -->\n`);
  const after = rest?.slice(rest.indexOf('<!-- end -->'));
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for ${name}`);
  return { path, text: `${before}<!-- ${name} -->\n${content}${after}` };
}

/** Commands of the blocks for a shell, one a line; those that show a run (`console`) too. */
export function commandsOf(one: Page): string[] {
  const shown = blocks(one, 'console').flatMap((block) =>
    [...block.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line),
  );
  const lines = blocks(one, 'sh').flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'));
  return [...shown, ...lines].map((line) => line.replace(/\s+# .*$/, '').trim()).filter((line) => line !== '');
}

/** Commands of TAAF that stand in the middle of a sentence: `taaf retry <episode>`. */
export const inlineCommands = ({ text }: Page): string[] =>
  [...withoutBlocks(text).matchAll(/`(taaf [^`]+)`/g)].flatMap(([, command]) => command ?? []);
