/** A page in a real browser: both pictures of a slider are drawn, and its divider follows the mouse and the keys. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageOf, readPageAssets } from '../../src/report/page.js';
import { seasonBody } from '../../src/report/season-page.js';
import { temporaryFolder } from '../helpers/folder.js';
import { ffmpeg } from '../helpers/rendered.js';

const places = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const program = (process.env['PATH'] ?? '')
  .split(':')
  .flatMap((folder) => places.map((name) => join(folder, name)))
  .find(existsSync);
const inBrowser = program === undefined ? it.skip : it;
const title = program === undefined ? ' (skipped: there is no Chromium here)' : '';

let browser: Browser | undefined;
beforeAll(async () => {
  if (program !== undefined) browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
});
afterAll(() => browser?.close());

const SIZE = { width: 640, height: 480 };

async function still(folder: string, colour: string): Promise<{ url: string; width: number; height: number }> {
  const file = join(folder, `${colour}.jpg`);
  await ffmpeg('-f', 'lavfi', '-i', `color=${colour}:size=640x480`, '-frames:v', '1', file);
  return { url: `data:image/jpeg;base64,${(await readFile(file)).toString('base64')}`, ...SIZE };
}

/** A page with one slider, opened; what the browser complains about, and what it asks the network for. */
async function opened(width: number): Promise<{ page: Page; complaints: string[]; asked: string[] }> {
  const folder = await temporaryFolder();
  const name = '<script>document.title = "broken in"</script>';
  const pair = { before: await still(folder, 'blue'), after: await still(folder, 'red'), caption: name, name };
  const body = seasonBody({
    ...{ title: name, lead: name, facts: [[name, name]], made: name },
    episodes: [{ number: 1, name, facts: [['State', 'done']], course: [], pairs: [pair] }],
  });
  const file = join(folder, 'page.html');
  await writeFile(file, pageOf('A page', body, await readPageAssets(join(import.meta.dirname, '..', '..', 'assets'))));
  if (browser === undefined) throw new Error('there is no browser');
  const page = await browser.newPage({ viewport: { width, height: 1400 } });
  const [complaints, asked] = [[] as string[], [] as string[]];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.push(request.url().split(':')[0] ?? ''));
  await page.goto(`file://${file}`);
  return { page, complaints, asked };
}

/** Colour of the screen at a point of the slider, as shares of its width and height. */
async function colourAt(page: Page, x: number, y: number): Promise<'blue' | 'red' | 'other'> {
  await page.locator('img-comparison-slider').scrollIntoViewIfNeeded();
  const box = await boxOf(page);
  const clip = { x: box.x + x * box.width, y: box.y + y * box.height, width: 2, height: 2 };
  const png = (await page.screenshot({ clip })).toString('base64');
  const [red, , blue] = await page.evaluate<number[]>(
    `(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${png}';
      await image.decode();
      const canvas = new OffscreenCanvas(2, 2).getContext('2d');
      canvas.drawImage(image, 0, 0);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    })()`,
  );
  if ((red ?? 0) > 200 && (blue ?? 0) < 60) return 'red';
  return (blue ?? 0) > 200 && (red ?? 0) < 60 ? 'blue' : 'other';
}

async function boxOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator('img-comparison-slider').boundingBox();
  if (box === null) throw new Error('the slider is not drawn');
  return box;
}

inBrowser(`both pictures are drawn with their shape, and nothing is asked of the network${title}`, async () => {
  for (const width of [1280, 390]) {
    const { page, complaints, asked } = await opened(width);
    const sizes = await page.evaluate<number[][]>(
      `[...document.images].map((i) => [i.naturalWidth, i.naturalHeight, i.complete ? 1 : 0])`,
    );
    expect(sizes).toEqual([
      [640, 480, 1],
      [640, 480, 1],
    ]);
    const box = await boxOf(page);
    expect(box.width / box.height).toBeCloseTo(4 / 3, 1);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect([await colourAt(page, 0.25, 0.8), await colourAt(page, 0.75, 0.8)]).toEqual(['blue', 'red']);
    expect(complaints).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(['file']));
    expect(await page.title()).toBe('A page');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.close();
  }
});

inBrowser(`the divider follows the mouse and the arrow keys${title}`, async () => {
  const { page } = await opened(1280);
  await page.locator('img-comparison-slider').scrollIntoViewIfNeeded();
  const box = await boxOf(page);
  const y = box.y + 0.8 * box.height;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.9 * box.width, y, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => colourAt(page, 0.75, 0.6)).toBe('blue');
  await page.locator('img-comparison-slider').focus();
  await page.keyboard.down('ArrowLeft');
  await expect.poll(() => colourAt(page, 0.25, 0.6), { timeout: 20_000 }).toBe('red');
  await page.keyboard.up('ArrowLeft');
  await page.close();
});
