import { html } from 'lit';

export const header = html`
  <header class="top">
    <a class="brand" href="/"><img src="/favicon.svg" alt="" />Sfumato</a>
  </header>
`;

export function liveLabel(live: boolean) {
  return live ? html`<span class="live">Live</span>` : html`<span class="off">Off air</span>`;
}
