import { html } from 'lit';

export const header = html`
  <header class="top">
    <a class="brand" href="/"><img src="/favicon.svg" alt="" />Sfumato</a>
    <nav class="places" aria-label="Places"><a href="/library">Library</a></nav>
  </header>
`;

export function liveLabel(live: boolean) {
  return live ? html`<span class="live">Live</span>` : html`<span class="off">Off air</span>`;
}
