import { html, nothing, render } from 'lit';
import { AdminSignIn } from './admin/admin-sign-in.ts';
import { logOut, whoLooks } from './api.ts';
import { LibraryCollectionDialog, LibraryCollections } from './library/library-collections.ts';
import { LibraryContinue } from './library/library-continue.ts';
import { LibraryBatch, LibraryEdit } from './library/library-edit.ts';
import { LibraryPage } from './library/library-page.ts';
import { LibraryPreview } from './library/library-preview.ts';
import { LibraryUploads } from './library/library-uploads.ts';
import { account, header, unreachableWords } from './parts.ts';
import type { Session } from './session.ts';

const RETRY_MS = 2_000;

type View = { session: Session | null; unreachable: boolean; signingIn: boolean };

const view: View = { session: null, unreachable: false, signingIn: false };
const page = document.querySelector<HTMLElement>('#page');

function draw(): void {
  if (page === null) return;
  render(html`<div class="admin-top">${header}${accountPart()}</div>${content(view)}`, page);
}

function content({ session, unreachable, signingIn }: View) {
  if (session === null) return html`<main>${unreachable ? unreachableWords : nothing}</main>`;
  // The library stays as it is behind the login: uploads go on, or wait to.
  return html`
    ${signingIn ? html`<main class="admin" @loggedin=${start}><admin-sign-in .heading=${'Log in'} .signInWith=${session.signInWith}></admin-sign-in></main>` : nothing}
    <main ?hidden=${signingIn}><library-page .session=${session}></library-page></main>
  `;
}

function accountPart() {
  const { session, signingIn } = view;
  if (session === null || signingIn) return nothing;
  if (session.name === null) return html`<button class="button" @click=${signIn}>Log in</button>`;
  return account(session.name, () => void onLogOut());
}

async function signIn(): Promise<void> {
  view.signingIn = true;
  draw();
  await document.querySelector<AdminSignIn>('admin-sign-in')?.updateComplete;
  document.querySelector<HTMLInputElement>('input[name=name]')?.focus();
}

async function start(): Promise<void> {
  try {
    view.session = await whoLooks();
    view.signingIn = false;
    view.unreachable = false;
  } catch (error) {
    console.warn('sfumato: session', error);
    view.unreachable = true;
    setTimeout(() => void start(), RETRY_MS);
  }
  draw();
}

async function onLogOut(): Promise<void> {
  try {
    await logOut();
  } catch (error) {
    console.warn('sfumato: log out', error);
  }
  location.reload();
}

/** A session that has ended while something was done asks for a new one. A wrong password says so itself. */
function onNotLoggedIn(): void {
  if (typeof view.session?.name === 'string' && !view.signingIn) void signIn();
}

customElements.define('admin-sign-in', AdminSignIn);
customElements.define('library-preview', LibraryPreview);
customElements.define('library-collections', LibraryCollections);
customElements.define('library-collection-dialog', LibraryCollectionDialog);
customElements.define('library-continue', LibraryContinue);
customElements.define('library-edit', LibraryEdit);
customElements.define('library-batch', LibraryBatch);
customElements.define('library-uploads', LibraryUploads);
customElements.define('library-page', LibraryPage);

document.addEventListener('notloggedin', onNotLoggedIn);
draw();
void start();
