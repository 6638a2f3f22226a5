import { html, nothing } from 'lit';
import {
  type AdminChannel,
  createChannel,
  deleteChannel,
  listChannels,
  rotateKey,
  updateChannel,
} from './admin-api.ts';
import { AdminElement, field } from './admin-element.ts';
import { ask, copyField } from './admin-parts.ts';
import { addressOf, broadcasterLink, whipUrl } from './admin-words.ts';
import { ICONS } from '../library/library-icons.ts';
import { VISIBILITY_WORDS } from '../library/library-words.ts';
import { liveLabel } from '../parts.ts';
import { editRules } from '../rules/rules-dialog.ts';
import type { Session } from '../session.ts';
import { qualityWords, viewersWords } from '../words.ts';

const REFRESH_MS = 3_000;

/** The Channels: what is on air, and everything that can be done with them. */
export class AdminChannels extends AdminElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;
  #channels: AdminChannel[] | null = null;
  /** Stream keys that were made on this visit: nobody can show them again. */
  readonly #keys = new Map<string, string>();
  #edited: string | null = null;
  /** Those whose playlist is shown. */
  readonly #playlists = new Set<string>();
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => this.load());
    this.#timer = setInterval(() => void this.#refresh(), REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    const channels = this.#channels ?? [];
    return html`
      <h1>Channels</h1>
      ${this.problem()}
      <ul class="list">
        ${channels.map((channel) => html`<li class="panel">${this.#channel(channel)}</li>`)}
      </ul>
      ${this.#channels?.length === 0 ? html`<p class="quiet">${this.#mayChange ? 'There is none yet. Make the first one:' : 'There is none yet.'}</p>` : nothing}
      ${this.#mayChange ? this.#newChannel() : nothing}
    `;
  }

  get #mayChange(): boolean {
    return this.session.mayChangeChannels;
  }

  #channel(channel: AdminChannel) {
    const { id, title, live, viewers, settings } = channel;
    const key = this.#keys.get(id);
    return html`
      <div class="line">
        <h2>${title}</h2>
        ${liveLabel(live)}
        <a class="quiet" href="/watch/${id}">/watch/${id}</a>
      </div>
      <p class="meta"><span>${viewersWords(viewers)}</span><span>${live ? qualityWords(channel) : nothing}</span>${whoWatches(channel)}</p>
      ${key === undefined ? nothing : this.#keyPanel(id, key)}
      ${settings === undefined ? fileWords : this.#edited === id ? this.#editForm(channel) : this.#actions(channel)}
      ${this.#playlists.has(id) ? html`<admin-playlist .channelId=${id} .channelTitle=${title}></admin-playlist>` : nothing}
    `;
  }

  #actions({ id, title, live }: AdminChannel) {
    const { mayPublish } = this.session;
    return html`
      <div class="actions">
        ${mayPublish ? html`<a class="button" aria-label="Go live on ${title}" href="/broadcast/${id}">Go live</a>` : nothing}
        ${this.#mayChange ? this.#changes(id, title, live) : nothing}
      </div>
    `;
  }

  #changes(id: string, title: string, live: boolean) {
    return html`
      <button class="button" aria-label="Change ${title}" ?disabled=${this.busy} @click=${() => this.#edit(id)}>Change</button>
      <button class="button" aria-label="Who may watch ${title}" @click=${() => this.#editRules(id, title)}>Who may watch</button>
      <button class="button" aria-label="Play from the library on ${title}" aria-expanded=${this.#playlists.has(id)} @click=${() => this.#togglePlaylist(id)}>Play from the library</button>
      <button class="button" aria-label="New stream key for ${title}" ?disabled=${this.busy} @click=${() => this.#rotate(id, title, live)}>New stream key</button>
      <button class="button danger" aria-label="Delete ${title}" ?disabled=${this.busy} @click=${() => this.#delete(id, title)}>Delete</button>
    `;
  }

  #editForm({ id, title, settings }: AdminChannel) {
    return html`
      <form class="row" @submit=${(event: SubmitEvent) => this.#save(event, id)}>
        <label class="wide">Title<input name="title" required maxlength="120" .value=${title} /></label>
        <label>Waits for the broadcaster, seconds
          <input name="grace" type="number" min="0" max="3600" required .value=${String(settings?.graceSeconds ?? 0)} />
        </label>
        <div class="actions">
          <button class="button strong" ?disabled=${this.busy}>Save</button>
          <button class="button" type="button" @click=${() => this.#edit(null)}>Cancel</button>
        </div>
      </form>
    `;
  }

  #keyPanel(id: string, key: string) {
    const { origin } = location;
    return html`
      <div class="shown-once" role="group" aria-label="Stream key of ${id}" tabindex="-1">
        <p><strong>Keep the stream key now.</strong> It is shown this once; a lost one is replaced by a new one.</p>
        ${copyField('Stream key', key)}
        ${copyField('Link for a broadcaster', broadcasterLink(origin, id, key), 'Opens the webcam page with the key in it: whoever has the link can go live.')}
        ${copyField('WHIP address for OBS and other encoders', whipUrl(origin, id), 'With the stream key as the bearer token.')}
        <button class="button" type="button" @click=${() => this.#forget(id)}>I have kept it</button>
      </div>
    `;
  }

  #newChannel() {
    return html`
      <section class="panel" aria-labelledby="new-channel">
        <h2 id="new-channel">New Channel</h2>
        <form class="row" @submit=${(event: SubmitEvent) => this.#create(event)} @input=${suggestAddress}>
          <label class="wide">Title<input name="title" required maxlength="120" autocomplete="off" /></label>
          <label class="wide">Address
            <input name="id" required maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false"
              pattern="[a-z0-9]([a-z0-9\\-]*[a-z0-9])?" title="Small letters, digits and dashes" />
          </label>
          <button class="button strong" ?disabled=${this.busy}>Create</button>
        </form>
      </section>
    `;
  }

  async #create(event: SubmitEvent): Promise<void> {
    const [id, title] = [field(event, 'id'), field(event, 'title')];
    const form = event.currentTarget;
    const done = await this.change(async () => {
      this.#keys.set(id, await createChannel(id, title));
    });
    if (!done) return;
    if (form instanceof HTMLFormElement) form.reset();
    await this.#showKey(id);
  }

  async #rotate(id: string, title: string, live: boolean): Promise<void> {
    const now = live ? ' The broadcast that is on air ends now.' : '';
    const text = `Whoever has the present key of “${title}” cannot go live with it any more.${now}`;
    if (!(await ask('Make a new stream key?', text, 'New stream key'))) return;
    const done = await this.change(async () => {
      this.#keys.set(id, await rotateKey(id));
    });
    if (done) await this.#showKey(id);
  }

  async #delete(id: string, title: string): Promise<void> {
    const text = `“${title}” goes for good, with its key and its address. What is on air there ends.`;
    if (!(await ask('Delete this Channel?', text, 'Delete'))) return;
    await this.change(async () => {
      await deleteChannel(id);
      this.#keys.delete(id);
    });
  }

  async #save(event: SubmitEvent, id: string): Promise<void> {
    const changes = { title: field(event, 'title'), graceSeconds: Number(field(event, 'grace')) };
    await this.change(async () => {
      await updateChannel(id, changes);
      this.#edited = null;
    });
  }

  async #editRules(id: string, title: string): Promise<void> {
    if ((await editRules({ kind: 'channels', id, title })) !== null)
      await this.change(async () => {});
  }

  #edit(id: string | null): void {
    this.#edited = id;
    this.requestUpdate();
    void this.updateComplete.then(() =>
      this.querySelector<HTMLInputElement>('.list input[name=title]')?.select(),
    );
  }

  #togglePlaylist(id: string): void {
    if (!this.#playlists.delete(id)) this.#playlists.add(id);
    this.requestUpdate();
  }

  #forget(id: string): void {
    this.#keys.delete(id);
    this.requestUpdate();
  }

  /** To the eye, and to those who listen. */
  async #showKey(id: string): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[aria-label="Stream key of ${id}"]`)?.focus();
  }

  protected override async load(): Promise<void> {
    this.#channels = await listChannels();
  }

  /** Live state and Viewers, while the page is looked at and nothing else is under way. */
  async #refresh(): Promise<void> {
    if (document.visibilityState !== 'visible' || this.busy) return;
    try {
      await this.load();
      this.requestUpdate();
    } catch (error) {
      console.debug('sfumato: admin refresh', error);
    }
  }
}

function whoWatches({ settings }: AdminChannel) {
  const name = settings?.visibility;
  if (name === undefined) return nothing;
  return html`<span class="visibility">${ICONS[name]} ${VISIBILITY_WORDS[name]}</span>`;
}

const fileWords = html`<p class="quiet">Plays a file that was named when the server was started, and goes with it.</p>`;

/** The address follows the title until somebody writes another one. */
function suggestAddress({ currentTarget, target }: InputEvent): void {
  if (!(currentTarget instanceof HTMLFormElement) || !(target instanceof HTMLInputElement)) return;
  const id = currentTarget.querySelector<HTMLInputElement>('input[name=id]');
  if (id === null) return;
  if (target === id) id.dataset['own'] = id.value === '' ? '' : 'yes';
  else if (id.dataset['own'] !== 'yes') id.value = addressOf(target.value);
}
