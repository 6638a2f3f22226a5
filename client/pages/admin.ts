import { html, nothing, render } from 'lit';
import { AdminChannels } from './admin-channels.ts';
import { AdminPlaylist } from './admin-playlist.ts';
import { AdminSetUp, AdminSignIn } from './admin-sign-in.ts';
import { AdminTokens } from './admin-tokens.ts';
import { logOut, whoLooks } from './api.ts';
import { account, header, unreachableWords } from './parts.ts';

const RETRY_MS = 2_000;

type View = { state: 'asking' | 'unreachable' | 'loggedOut' | 'loggedIn'; name: string };

const view: View = { state: 'asking', name: '' };
const page = document.querySelector<HTMLElement>('#page');

/** The token of the set-up link stays in the address until it is used: then a reload works too. */
function setupToken(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('setup');
}

function draw(): void {
  if (page === null) return;
  render(
    html`
      <div class="admin-top">${header}${view.state === 'loggedIn' ? account(view.name, () => void onLogOut()) : nothing}</div>
      <main class="admin" @loggedin=${onLoggedIn} @notloggedin=${onNotLoggedIn}>${content()}</main>
    `,
    page,
  );
}

function content() {
  if (view.state === 'asking') return nothing;
  if (view.state === 'unreachable') return unreachableWords;
  if (view.state === 'loggedIn') {
    return html`<admin-channels></admin-channels><admin-tokens></admin-tokens>`;
  }
  const token = setupToken();
  return token === null
    ? html`<admin-sign-in></admin-sign-in>`
    : html`<admin-set-up .token=${token}></admin-set-up>`;
}

async function start(): Promise<void> {
  try {
    const { name } = await whoLooks();
    view.state = name === null ? 'loggedOut' : 'loggedIn';
    view.name = name ?? '';
  } catch (error) {
    console.warn('sfumato: session', error);
    view.state = 'unreachable';
    setTimeout(() => void start(), RETRY_MS);
  }
  draw();
}

function onLoggedIn(): void {
  history.replaceState(null, '', location.pathname);
  void start();
}

function onNotLoggedIn(): void {
  // A wrong password is said where it was given; an ended session asks for a new one.
  if (view.state === 'loggedIn') void start();
}

async function onLogOut(): Promise<void> {
  try {
    await logOut();
  } catch (error) {
    console.warn('sfumato: log out', error);
  }
  await start();
}

customElements.define('admin-sign-in', AdminSignIn);
customElements.define('admin-set-up', AdminSetUp);
customElements.define('admin-channels', AdminChannels);
customElements.define('admin-playlist', AdminPlaylist);
customElements.define('admin-tokens', AdminTokens);

window.addEventListener('hashchange', draw);
draw();
void start();
