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

export const unreachableWords = html`
  <section class="empty">
    <img src="/favicon.svg" alt="" />
    <h1>The server cannot be reached</h1>
    <p role="status">It may be starting. Trying again …</p>
  </section>
`;

/** Who is logged in, and the way out. */
export function account(name: string, onLogOut: () => void) {
  return html`
    <nav class="account" aria-label="Your login">
      <a class="quiet" href="/admin?at=you">${name}</a>
      <button class="button" @click=${onLogOut}>Log out</button>
    </nav>
  `;
}
