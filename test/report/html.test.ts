import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { courseStrip } from '../../src/report/course.js';
import { html, trusted } from '../../src/report/html.js';
import { MARKER, pageOf, readPageAssets } from '../../src/report/page.js';
import { seasonBody, type SeasonPage } from '../../src/report/season-page.js';

const root = join(import.meta.dirname, '..', '..');
const picture = { url: 'data:image/jpeg;base64,AAAA', width: 4, height: 3 };

const page = (name: string): SeasonPage => ({
  title: name,
  lead: '1 of 1 episode done',
  facts: [['Profile', name]],
  episodes: [
    {
      number: 1,
      name,
      facts: [['State', 'done']],
      course: [{ kind: 'film', from: 0, to: 10 }],
      note: name,
      pairs: [{ before: picture, after: picture, caption: name, name }],
    },
  ],
  made: 'Made by a test',
});

describe('the template', () => {
  it('escapes what is put in, in texts and in attributes', () => {
    const evil = `"><script>alert('x')</script>&`;
    expect(html`<a title="${evil}">${evil}</a>`.html).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
    );
  });

  it('takes its own HTML, numbers, lists and nothing as they are', () => {
    expect(html`<p>${html`<b>${1}</b>`}${undefined}${['<', trusted('<br>')]}</p>`.html).toBe('<p><b>1</b>&lt;<br></p>');
  });

  it('shows the characters that turn a name around or are none', () => {
    expect(html`${'a\u202eb\u0000c'}`.html).toBe('a\uFFFDb\uFFFDc');
  });

  it('lets no text become markup', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"']/.test(html`${text}`.html)));
  });
});

describe('a page', () => {
  it('holds a name like a script as text, wherever the name stands', async () => {
    const text = pageOf('t', seasonBody(page('<script>alert(1)</script>')), await readPageAssets(join(root, 'assets')));
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('loads nothing: every address in it is data, and its policy allows no other', async () => {
    const text = pageOf('t', seasonBody(page('x')), await readPageAssets(join(root, 'assets')));
    const addresses = [...text.matchAll(/\b(?:src|href)="([^"]*)"|url\(([^)]*)\)|@import/g)].map(([, a, b]) => a ?? b);
    expect(addresses).toEqual([picture.url, picture.url]);
    expect(text).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:; [^"]*"/,
    );
    expect(text).not.toContain('sourceMappingURL');
  });

  it('begins with the line by which TAAF knows its pages', async () => {
    expect(pageOf('t', html``, await readPageAssets(join(root, 'assets'))).startsWith(MARKER)).toBe(true);
  });

  it('brings the slider of the package that the lock names, unchanged', async () => {
    const [ours, theirs] = await Promise.all(
      ['assets/report/img-comparison-slider.js', 'node_modules/img-comparison-slider/dist/index.js'].map((path) =>
        readFile(join(root, path), 'utf8'),
      ),
    );
    expect(ours).toBe(theirs);
  });
});

describe('the strip', () => {
  it('draws rare kinds over common ones, and a short passage so that it is seen', () => {
    const { html: text } = courseStrip([
      { kind: 'video', from: 0, to: 1 },
      { kind: 'film', from: 1, to: 3600 },
    ]);
    const rects = [...text.matchAll(/<rect class="(\w+)" x="(\d+)" width="(\d+)"/g)].map(([, ...facts]) => facts);
    expect(rects).toEqual([
      ['film', '0', '1000'],
      ['video', '0', '2'],
    ]);
  });
});
