/** The page of a season: what became of every episode, and what it looked like before. */
import { courseLegend, courseStrip, type Stretch } from './course.js';
import { factList, factTable, type Fact, type Row } from './facts.js';
import { html, type Html } from './html.js';
import { pairFigure, type Pair } from './pair.js';

export interface EpisodeEntry {
  readonly number: number;
  readonly name: string;
  /** The same labels for every episode. */
  readonly facts: readonly Fact[];
  readonly course: readonly Stretch[];
  /** Why it failed, or why there are no stills of it. */
  readonly note?: string;
  readonly pairs: readonly Pair[];
}

export interface SeasonPage {
  readonly title: string;
  /** One sentence: how far it is. */
  readonly lead: string;
  readonly facts: readonly Fact[];
  readonly episodes: readonly EpisodeEntry[];
  /** Who made the page, and when. */
  readonly made: string;
}

export const seasonBody = ({ title, lead, facts, episodes, made }: SeasonPage): Html =>
  html`<header>
      <h1>${title}</h1>
      <p class="lead">${lead}</p>
      ${factList(facts)}
    </header>
    <main>
      <section>
        <h2>Episodes</h2>
        ${factTable(episodes.map(rowOf))} ${courseLegend()}
      </section>
      ${episodes.filter(({ pairs }) => pairs.length > 0).map(stills)}
    </main>
    <footer>${made}</footer> `;

const rowOf = (episode: EpisodeEntry): Row => ({
  facts: [['#', String(episode.number)], ['Episode', episode.name], ...episode.facts],
  below: below(episode),
});

const below = ({ course, note }: EpisodeEntry): Html =>
  html`${courseStrip(course)}${note === undefined ? undefined : html`<p class="note">${note}</p>`}`;

const stills = ({ number, name, pairs }: EpisodeEntry): Html =>
  html`<section>
    <h2><span class="number">${number}</span> ${name}</h2>
    <div class="pairs">${pairs.map(pairFigure)}</div>
  </section> `;
