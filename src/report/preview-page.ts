/** The page of a preview: a few moments of one episode through several profiles, and what each would cost the season. */
import { factList, factTable, type Fact } from './facts.js';
import { html, type Html } from './html.js';
import { pairFigure, type Pair } from './pair.js';

export interface PreviewPage {
  readonly title: string;
  readonly lead: string;
  readonly facts: readonly Fact[];
  /** One row a profile; the same labels in each. */
  readonly profiles: readonly (readonly Fact[])[];
  readonly moments: readonly { readonly heading: string; readonly pairs: readonly Pair[] }[];
  /** What to know about the numbers. */
  readonly note: string;
  readonly made: string;
}

export const previewBody = ({ title, lead, facts, profiles, moments, note, made }: PreviewPage): Html =>
  html`<header>
      <h1>${title}</h1>
      <p class="lead">${lead}</p>
      ${factList(facts)}
    </header>
    <main>
      <section>
        <h2>Profiles</h2>
        ${factTable(profiles.map((row) => ({ facts: row })))}
        <p class="note">${note}</p>
      </section>
      ${moments.map(
        ({ heading, pairs }) =>
          html`<section>
            <h2>${heading}</h2>
            <div class="pairs">${pairs.map(pairFigure)}</div>
          </section> `,
      )}
    </main>
    <footer>${made}</footer> `;
