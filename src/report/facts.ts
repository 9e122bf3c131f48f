/** Facts with labels, as pages list them. */
import { html, type Html } from './html.js';

export type Fact = readonly [label: string, text: string];

export const factList = (facts: readonly Fact[]): Html =>
  html`<dl>
    ${facts.map(
      ([label, text]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;

/** A row of a table; every row has the same labels. */
export interface Row {
  readonly facts: readonly Fact[];
  /** Under the row, over its whole width. */
  readonly below?: Html | undefined;
}

/** A table that becomes a list of cards on a narrow screen: each cell carries its label. */
export function factTable(rows: readonly Row[]): Html {
  const labels = rows[0]?.facts.map(([label]) => label) ?? [];
  return html`<table>
    <thead>
      <tr>
        ${labels.map((label) => html`<th scope="col">${label}</th>`)}
      </tr>
    </thead>
    ${rows.map((row) => rowGroup(row, labels.length))}
  </table> `;
}

const rowGroup = ({ facts, below }: Row, columns: number): Html =>
  html`<tbody>
    <tr>
      ${facts.map(([label, text]) => html`<td data-label="${label}">${text}</td>`)}
    </tr>
    ${
      below === undefined
        ? undefined
        : html`<tr class="below">
            <td colspan="${columns}">${below}</td>
          </tr> `
    }
  </tbody> `;
