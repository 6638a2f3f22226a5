import { html, nothing, type TemplateResult } from 'lit';
import type { Asset } from '../../../signaling/contract/index.ts';
import { withToken } from '../../player/access/pass.ts';
import { logIn } from '../api.ts';
import type { Place } from './asset-api.ts';
import { downloadsOf, factsOf } from './asset-words.ts';
import { captionPanel } from './caption-style.ts';
import type { NextUpState } from './next-up.ts';
import type { Resumed } from './over-the-picture.ts';
import { mayChange, type Session } from '../session.ts';

/** What the page of an Asset is drawn from. */
export type PageView = {
  asset: Asset | null;
  /** Ends with a slash. */
  filesUrl: string;
  session: Session;
  place: Place | null;
  /** Of the player; null until it is known where to begin. */
  src: string | null;
  loop: boolean;
  /** The link that was just copied: to this page, or to a time in it. */
  copied: 'page' | 'time' | null;
  resumed: Resumed | null;
  nextUp: NextUpState | null;
};

export type PageActions = {
  share(): void;
  shareTime(): void;
  toggleLoop(): void;
  captionsLook(): void;
  signedIn(): void;
};

/** Everything around the player. @param further buttons beside the others */
export function aboutAsset(view: PageView, actions: PageActions, further?: TemplateResult) {
  const { asset, session, copied } = view;
  if (asset === null) return html`<h1 class="visually-hidden">Watch</h1>`;
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
        ${further ?? nothing} ${asset.kind === 'image' ? nothing : playing(view, actions)} ${downloads(view)}
        <button class="button" @click=${actions.share}>${copied === 'page' ? 'Link copied' : 'Share'}</button>
        <span class="visually-hidden" role="status">${copied === null ? '' : 'The link was copied.'}</span>
      </div>
    </section>
    ${words(asset)}
  `;
}

/** Of what has a time. */
function playing({ asset, loop, copied }: PageView, actions: PageActions) {
  const hasCaptions = asset?.files.some(({ role }) => role === 'captions') ?? false;
  return html`
    <button class="button" aria-pressed=${loop} @click=${actions.toggleLoop}>Loop</button>
    ${hasCaptions ? captionPanel(() => actions.captionsLook()) : nothing}
    <button class="button" @click=${actions.shareTime}>${copied === 'time' ? 'Link copied' : 'Link to this moment'}</button>
    ${asset === null ? nothing : html`<button class="button" @click=${() => void embed(asset)}>Embed</button>`}
  `;
}

async function embed({ id, title, visibility, width = 16, height = 9 }: Asset): Promise<void> {
  const { showEmbedDialog } = await import('../embedding/embed-dialog.ts');
  await showEmbedDialog({ id, title, visibility, size: { width, height }, stored: true });
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
    <details class="drops downloads">
      <summary class="button">Download</summary>
      <ul class="sheet">
        ${list.map(({ name, words: of }) => html`<li><a href=${withToken(`${filesUrl}${name}?download`)} download>${of}</a></li>`)}
      </ul>
    </details>
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
      <p><a href="/admin?next=${encodeURIComponent(location.pathname)}">Other ways to sign in</a> · <a href="/">What is on air</a></p>
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
