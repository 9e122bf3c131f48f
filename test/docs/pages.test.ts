/** The pages hang together: links lead somewhere, every page is reached, numbers are those of the files. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { stages } from '../../src/toolchain/stages.js';
import { anchors, links, page, pages, root, type Page } from './pages.js';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Where a link leads: a path relative to the repository, and the anchor on that page. */
function targetOf(from: Page, link: string): { path: string; anchor: string | undefined } {
  const [path = '', anchor] = link.split('#');
  return { path: path === '' ? from.path : normalize(join(dirname(from.path), path)), anchor };
}

const isBroken = (from: Page, link: string): boolean => {
  const { path, anchor } = targetOf(from, link);
  if (!existsSync(join(root, path))) return true;
  return anchor !== undefined && !anchors(page(path)).includes(anchor);
};

describe('the pages', () => {
  it.each(pages)('have no broken link: $path', (one) => {
    expect(links(one).filter((link) => isBroken(one, link))).toEqual([]);
  });

  it('are all reached from the README', () => {
    const reached = links(page('README.md')).map((link) => targetOf(page('README.md'), link).path);
    const missed = pages.map(({ path }) => path).filter((path) => !reached.some((one) => path.startsWith(one)));
    expect(missed).toEqual(['README.md']);
  });

  it('stay on their subject: no badges, no paths of a workshop', () => {
    expect(pages.filter(({ text }) => /!\[|shields\.io|\/work\//.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the README', () => {
  const { text } = page('README.md');

  it('names the versions that the package wants', () => {
    expect(text).toContain(`Node ${manifest.engines.node.replace('>=', '≥ ')}`);
    expect(text).toContain(`taaf-${manifest.version}.tgz`);
    expect(textOf('CHANGELOG.md')).toContain(`## ${manifest.version}`);
  });

  it('names the sizes of what is fetched and shipped', () => {
    const megabytes = stages.reduce((sum, stage) => sum + stage.megabytes, 0);
    expect(text).toContain(`about ${Math.round(megabytes / 10) * 10} MB`);
    const model = statSync(join(root, 'assets/models/realesr-animevideov3-x4.onnx')).size;
    expect(text).toContain(`(${(model / 1e6).toFixed(1)} MB)`);
  });

  it('gives the commands that CI runs', () => {
    for (const command of ['npm ci', 'npm test']) expect(textOf('.ci/run')).toContain(`\n${command}`);
  });
});
