import { html, nothing, render, type TemplateResult } from 'lit';
import { AdminAccept } from './admin/admin-accept.ts';
import { AdminAudit } from './admin/admin-audit.ts';
import { AdminChannels } from './admin/admin-channels.ts';
import { AdminDefaults } from './admin/admin-defaults.ts';
import { AdminInvitations } from './admin/admin-invitations.ts';
import { AdminLogins } from './admin/admin-logins.ts';
import { AdminPassword } from './admin/admin-password.ts';
import { AdminPeople } from './admin/admin-people.ts';
import {
  addressOfPlace,
  nextOf,
  type PlaceName,
  placeOf,
  placesFor,
} from './admin/admin-places.ts';
import { AdminPlaylist } from './admin/admin-playlist.ts';
import { AdminSetUp } from './admin/admin-set-up.ts';
import { AdminSignIn } from './admin/admin-sign-in.ts';
import { AdminTokens } from './admin/admin-tokens.ts';
import { AdminYou } from './admin/admin-you.ts';
import { logOut, whoLooks } from './api.ts';
import { forgetInvitation, takeInvitation } from './admin/invitation-link.ts';
import { account, header, unreachableWords } from './parts.ts';
import { NOBODY, type Session } from './session.ts';

const RETRY_MS = 2_000;

type View = {
  state: 'asking' | 'unreachable' | 'known';
  session: Session;
  /** The token of the invitation with which the page was opened. */
  invitation: string | null;
};

const view: View = { state: 'asking', session: NOBODY, invitation: takeInvitation() };
const page = document.querySelector<HTMLElement>('#page');
/** The part that was drawn last. */
let drawn = '';

/** The token of the set-up link stays in the address until it is used: then a reload works too. */
function inFragment(name: 'setup' | 'problem'): string | null {
  return new URLSearchParams(location.hash.slice(1)).get(name);
}

function draw(): void {
  if (page === null) return;
  const { name } = view.session;
  render(
    html`
      <div class="admin-top">${header}${name === null ? nothing : account(name, () => void onLogOut())}</div>
      <main class="admin" @loggedin=${onLoggedIn} @notloggedin=${onNotLoggedIn} @decline=${onDecline}>${content()}</main>
    `,
    page,
  );
  showPart();
}

/** Where there is no room for all names of the parts, the present one is in sight. */
function showPart(): void {
  const present = page?.querySelector('.parts [aria-current]') ?? null;
  if (present === null || drawn === location.search) return;
  drawn = location.search;
  present.scrollIntoView({ block: 'nearest', inline: 'center' });
}

function content() {
  const { state, session, invitation } = view;
  if (state === 'asking') return nothing;
  if (state === 'unreachable') return unreachableWords;
  if (invitation !== null) {
    return html`<admin-accept .token=${invitation} .loggedInAs=${session.name}></admin-accept>`;
  }
  if (session.id !== null) return parts(session);
  const token = inFragment('setup');
  return token === null
    ? html`<admin-sign-in .signInWith=${session.signInWith} .refusal=${inFragment('problem') ?? ''}></admin-sign-in>`
    : html`<admin-set-up .token=${token}></admin-set-up>`;
}

function parts(session: Session) {
  const place = placeOf(location.search, session);
  const places = placesFor(session);
  return html`
    ${places.length > 1 ? html`<nav class="parts" aria-label="Administer">${places.map(({ name, words }) => link(name, words, place))}</nav>` : nothing}
    <div class="part">${PARTS[place](session)}</div>
  `;
}

function link(name: PlaceName, words: string, place: PlaceName) {
  const go = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (name !== place) history.pushState(null, '', addressOfPlace(name));
    draw();
  };
  return html`<a href=${addressOfPlace(name)} aria-current=${name === place ? 'page' : nothing} @click=${go}>${words}</a>`;
}

const PARTS: Record<PlaceName, (session: Session) => TemplateResult> = {
  channels: (session) => html`<admin-channels .session=${session}></admin-channels>`,
  people: (session) => html`<admin-people .session=${session}></admin-people>`,
  defaults: () => html`<admin-defaults></admin-defaults>`,
  tokens: (session) => html`<admin-tokens .session=${session}></admin-tokens>`,
  log: () => html`<admin-audit></admin-audit>`,
  you: (session) => html`<admin-you .session=${session}></admin-you>`,
};

async function start(): Promise<void> {
  try {
    view.session = await whoLooks();
    view.state = 'known';
    if (view.session.id !== null && view.invitation === null) goOn();
  } catch (error) {
    console.warn('sfumato: session', error);
    view.state = 'unreachable';
    setTimeout(() => void start(), RETRY_MS);
  }
  draw();
}

/** Whoever came here to log in goes back to where they were. */
function goOn(): void {
  const next = nextOf(location.search, location.origin);
  if (next !== null) location.replace(next);
}

function onLoggedIn(): void {
  history.replaceState(null, '', location.pathname + location.search);
  forget();
  void start();
}

function onDecline(): void {
  forget();
  draw();
}

function forget(): void {
  forgetInvitation();
  view.invitation = null;
}

function onNotLoggedIn(): void {
  // A wrong password is said where it was given; an ended session asks for a new one.
  if (view.session.id !== null && view.invitation === null) void start();
}

async function onLogOut(): Promise<void> {
  try {
    await logOut();
  } catch (error) {
    console.warn('sfumato: log out', error);
  }
  await start();
}

function onFragment(): void {
  view.invitation = takeInvitation();
  draw();
}

customElements.define('admin-accept', AdminAccept);
customElements.define('admin-audit', AdminAudit);
customElements.define('admin-channels', AdminChannels);
customElements.define('admin-defaults', AdminDefaults);
customElements.define('admin-invitations', AdminInvitations);
customElements.define('admin-logins', AdminLogins);
customElements.define('admin-password', AdminPassword);
customElements.define('admin-people', AdminPeople);
customElements.define('admin-playlist', AdminPlaylist);
customElements.define('admin-set-up', AdminSetUp);
customElements.define('admin-sign-in', AdminSignIn);
customElements.define('admin-tokens', AdminTokens);
customElements.define('admin-you', AdminYou);

window.addEventListener('hashchange', onFragment);
window.addEventListener('popstate', draw);
draw();
void start();
