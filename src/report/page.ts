/** The frame of every page: one file that loads nothing, runs one known script, and says that TAAF wrote it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { html, trusted, type Html } from './html.js';

/** What stands in every page: from the package's `assets/report`. */
export interface PageAssets {
  readonly style: string;
  /** The slider's web component. */
  readonly script: string;
}

/** The first line of a page: only a file that begins with it is ever replaced. */
export const MARKER = '<!-- A page by TAAF: it is replaced by the next one of its kind. -->';

/** @param folder the package's `assets` */
export async function readPageAssets(folder: string): Promise<PageAssets> {
  const read = (name: string): Promise<string> => readFile(join(folder, 'report', name), 'utf8');
  const [style, script] = await Promise.all([read('page.css'), read('img-comparison-slider.js')]);
  // The map lies in the slider's package: a browser's tools would look for it beside the page.
  return { style, script: script.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '') };
}

/** @returns the whole file */
export function pageOf(title: string, body: Html, { style, script }: PageAssets): string {
  // The component brings its style sheet along; of scripts the one that is known by its hash runs, whatever a name may hold.
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '${sourceHash(script)}'`;
  return html`${trusted(MARKER)}
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        ${body} ${trusted(`<script>${script}</script>`)}
      </body>
    </html> `.html;
}

const sourceHash = (script: string): string => `sha256-${createHash('sha256').update(script).digest('base64')}`;
