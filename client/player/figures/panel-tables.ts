import { html } from 'lit';
import { figureRows } from './figure-rows.ts';
import { KEYS, STORED_KEYS } from '../controls/keyboard.ts';
import type { PlayerStats } from './player-stats.ts';

/** @param stored with the keys that only something stored has */
export function keyboardTable(stored: boolean) {
  return html`
    <table>
      ${(stored ? [...KEYS, ...STORED_KEYS] : KEYS).map(
        ({ keys, words }) => html`
          <tr><th scope="row">${keys.map((key) => html`<kbd>${key}</kbd>`)}</th><td>${words}</td></tr>
        `,
      )}
    </table>
  `;
}

export function figuresTable(stats: PlayerStats | null) {
  if (stats === null) return html`<p>Nothing is being played.</p>`;
  return html`
    <table>
      ${figureRows(stats).map(
        ({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
      )}
    </table>
  `;
}
