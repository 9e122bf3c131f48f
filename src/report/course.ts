/** Where an episode is film and where video, as a strip of coloured rectangles. */
import type { PassageKind } from '../domain/cadence.js';
import { html, type Html } from './html.js';

/** A stretch of an episode in seconds from its first frame. */
export interface Stretch {
  readonly kind: PassageKind;
  readonly from: number;
  readonly to: number;
}

const WIDTH = 1000;
const HEIGHT = 8;
/** A passage of a second in an hour still shows. */
const LEAST = 2;

/** Rare kinds are drawn over common ones: they are what strips are looked at for. */
const order: readonly PassageKind[] = ['film', 'frames', 'video', 'mixed'];

export function courseStrip(stretches: readonly Stretch[]): Html {
  const total = stretches.at(-1)?.to ?? 0;
  const x = (seconds: number): number => (total > 0 ? Math.round((WIDTH * seconds) / total) : 0);
  const drawn = [...stretches].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const names = order.filter((kind) => stretches.some((stretch) => stretch.kind === kind));
  return html`<svg
    class="course"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${names.join(', ')}"
  >
    ${drawn.map(
      ({ kind, from, to }) =>
        html`<rect class="${kind}" x="${x(from)}" width="${Math.max(LEAST, x(to) - x(from))}" height="${HEIGHT}" />`,
    )}
  </svg>`;
}

/** What the colours mean. */
export const courseLegend = (): Html =>
  html`<p class="legend">${order.map((kind) => html`<span><i class="${kind}"></i>${kind}</span> `)}</p>`;
