import { html, nothing } from 'lit';
import type { Asset } from '../../signaling/contract/index.ts';
import { logIn } from './api.ts';
import type { Place } from './asset-api.ts';
import { downloadsOf, factsOf } from './asset-words.ts';
import { mayChange, type Session } from './session.ts';

/** What the page of an Asset is drawn from. */
export type PageView = {
  asset: Asset | null;
  /** Ends with a slash. */
  filesUrl: string;
  session: Session;
  place: Place | null;
  shared: boolean;
};

export type PageActions = { share(): void; signedIn(): void };

/** Everything around the player. */
export function aboutAsset(view: PageView, actions: PageActions) {
  const { asset, session, shared } = view;
  if (asset === null) return nothing;
  return html`
    <section class="about" aria-label="About this">
      <div>
        <h1>${asset.title}</h1>
        <div class="meta">${factsOf(asset).map((fact) => html`<span>${fact}</span>`)}</div>
      </div>
      <div class="actions">
        ${
          mayChange(session, asset)
            ? html`<a class="button" href="/library?edit=${asset.id}">Edit</a>`
            : nothing
        }
        ${downloads(view)}
        <button class="button" @click=${actions.share}>${shared ? 'Link copied' : 'Share'}</button>
        <span class="visually-hidden" role="status">${shared ? 'The link was copied.' : ''}</span>
      </div>
    </section>
    ${neighbours(view)} ${words(asset)}
  `;
}

function words({ description, tags }: Asset) {
  if (description === '' && tags.length === 0) return nothing;
  return html`
    <section class="words" aria-label="Description">
      ${description === '' ? nothing : html`<p class="description">${description}</p>`}
      ${
        tags.length === 0
          ? nothing
          : html`<ul class="tags" aria-label="Tags">${tags.map((tag) => html`<li>${tag}</li>`)}</ul>`
      }
    </section>
  `;
}

function downloads({ asset, filesUrl, session }: PageView) {
  const list = asset === null ? [] : downloadsOf(asset, mayChange(session, asset));
  if (list.length === 0) return nothing;
  return html`
    <details class="downloads">
      <summary class="button">Download</summary>
      <ul>
        ${list.map(({ name, words: of }) => html`<li><a href="${filesUrl}${name}?download" download>${of}</a></li>`)}
      </ul>
    </details>
  `;
}

function neighbours({ place }: PageView) {
  if (place === null) return nothing;
  const { title, before, after } = place;
  return html`
    <nav class="neighbours" aria-label="In the collection">
      ${before === undefined ? nothing : neighbour(before, 'Before', 'prev')}
      <span class="collection">${title}</span>
      ${after === undefined ? nothing : neighbour(after, 'Next', 'next')}
    </nav>
  `;
}

function neighbour({ id, title }: Asset, label: string, rel: 'prev' | 'next') {
  const collection = new URLSearchParams(location.search).get('collection') ?? '';
  return html`
    <a class="button" rel=${rel} href="/watch/${id}?collection=${collection}"><span class="of">${label}</span><span class="title">${title}</span></a>
  `;
}

/** Not there, or not for this person: the same words for both. */
export function nothingHere(actions: PageActions) {
  return html`
    <section class="empty">
      <h1>There is nothing here for you</h1>
      <p>The address may be mistyped, what was here may have been deleted, or it may be private.</p>
      <form class="sign-in" @submit=${(event: SubmitEvent) => void signIn(event, actions)}>
        <h2>Sign in, if it is yours</h2>
        <label>Name<input name="name" autocomplete="username" autocapitalize="none" required maxlength="64" /></label>
        <label>Password<input name="password" type="password" autocomplete="current-password" required maxlength="256" /></label>
        <p role="alert"></p>
        <button class="button strong">Sign in</button>
      </form>
      <p><a href="/">What is on air</a></p>
    </section>
  `;
}

async function signIn(event: SubmitEvent, { signedIn }: PageActions): Promise<void> {
  event.preventDefault();
  const form = event.currentTarget;
  if (!(form instanceof HTMLFormElement)) return;
  const entries = new FormData(form);
  const problem = form.querySelector('[role=alert]');
  try {
    await logIn(textOf(entries, 'name'), textOf(entries, 'password'));
    signedIn();
    if (problem !== null)
      problem.textContent = 'You are signed in. If there is anything here for you, it appears now.';
  } catch (error) {
    console.debug('sfumato: sign in', error);
    if (problem !== null)
      problem.textContent = error instanceof Error ? error.message : String(error);
  }
}

function textOf(entries: FormData, name: string): string {
  const value = entries.get(name);
  return typeof value === 'string' ? value : '';
}
