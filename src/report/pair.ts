/** A before/after slider: two pictures of one frame on top of each other, with a divider to move. */
import { html, type Html } from './html.js';

/** A picture for a page: a data URL, and its size in pixels. */
export interface Picture {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** One frame as it was and as it became. */
export interface Pair {
  readonly before: Picture;
  readonly after: Picture;
  /** What is seen, and when: `Most motion, 12:34`. */
  readonly caption: string;
  /** What is on the right side. */
  readonly name: string;
}

/** The divider's grip: a disc with an arrow to either side. */
const handle = html`<svg class="handle" slot="handle" viewBox="-22 -22 44 44" aria-hidden="true">
  <circle r="20" fill="#fff" />
  <path
    d="M-5-7-12 0l7 7M5-7 12 0 5 7"
    fill="none"
    stroke="#222"
    stroke-width="2.5"
    stroke-linecap="round"
    stroke-linejoin="round"
  />
</svg>`;

export const pairFigure = ({ before, after, caption, name }: Pair): Html =>
  html`<figure>
    <div class="pair">
      <img-comparison-slider
        tabindex="0"
        role="group"
        aria-label="${caption}: the source on the left, ${name} on the right; the arrow keys move the divider"
      >
        ${image('first', before, 'Source')} ${image('second', after, name)} ${handle}
      </img-comparison-slider>
      <span class="tag">Source</span><span class="tag after">${name}</span>
    </div>
    <figcaption>${caption}</figcaption>
  </figure> `;

const image = (slot: string, { url, width, height }: Picture, alt: string): Html =>
  html`<img slot="${slot}" width="${width}" height="${height}" alt="${alt}" src="${url}" />`;
