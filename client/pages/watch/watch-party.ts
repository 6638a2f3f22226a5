import { html, nothing } from 'lit';
import {
  type Asset,
  type PartySteering,
  partyIdSchema,
  partySteeringSchema,
} from '../../../signaling/contract/index.ts';
import { passOn } from '../../player/access/pass.ts';
import { PartyFollower } from '../../player/party/party-follower.ts';
import type { SfumatoPlayer } from '../../player/sfumato-player.ts';
import { endParty, hostKeyOf, keepHostKey, openParty, setSteering } from './party-api.ts';
import { partyWords } from './party-words.ts';
import type { Session } from '../session.ts';
import { share, SHARED_SHOWN_MS } from '../share.ts';

/** A word about what was not done stays so long; milliseconds. */
const NOTICE_MS = 4_000;

export type WatchPartyEvents = {
  /** The page is to be drawn again. */
  changed(): void;
  /** There is no party any more: it is watched on alone from there. Seconds. */
  alone(seconds: number): void;
};

/** The part of an Asset's page by which it is watched together. */
export class WatchParty {
  readonly #events: WatchPartyEvents;
  #id: string | null = null;
  #assetId = '';
  #follower: PartyFollower | null = null;
  #player: SfumatoPlayer | null = null;
  #named = false;
  #wasOver = false;
  #copied = false;
  #notice = '';
  #problem = '';
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: WatchPartyEvents) {
    this.#events = events;
  }

  /** Is it watched together? Then the player begins, plays and stops as the party does. */
  get isOpen(): boolean {
    return this.#id !== null && this.#follower?.status !== 'over';
  }
  /** Was it, since the page was opened? Then nothing begins to play by itself. */
  get wasOpen(): boolean {
    return this.#named;
  }
  /** Null where nobody watches together. */
  get loop(): boolean | null {
    return this.isOpen ? (this.#follower?.party?.timeline.loop ?? false) : null;
  }

  /** The party that the page's address names, or none. */
  open(assetId: string): void {
    this.#leave();
    const id = partyIdSchema.safeParse(new URLSearchParams(location.search).get('party'));
    this.#id = id.success ? id.data : null;
    this.#named = id.success;
    this.#assetId = assetId;
    if (this.#player !== null) this.adopt(this.#player);
  }

  /** The page's player; null when there is none any more. */
  adopt(player: SfumatoPlayer | null): void {
    this.#player = player;
    if (player === null) return this.#leave();
    const id = this.#id;
    if (id === null || this.#follower !== null) return;
    void this.#begin(player, id);
  }

  toggleLoop(): void {
    this.#follower?.setLoop(this.loop === false);
  }

  /** Beside the other things that can be done with what is watched. */
  button(asset: Asset | null, { mayRead }: Session) {
    const hasTime = asset?.kind === 'video' || asset?.kind === 'audio';
    if (this.#id !== null || !mayRead || !hasTime || !asset.watchable) return html``;
    return html`<button class="button" @click=${() => this.#dialog?.showModal()}>Watch together</button>`;
  }

  /** Below the player. */
  panel() {
    if (this.#id === null) return this.#openingDialog();
    const over = this.#follower?.status === 'over';
    return html`
      <section class="party" aria-label="Watching together">
        <p role="status">${this.#words()}</p>
        <div class="actions">
          ${over ? this.#close() : html`${this.#steering()} ${this.#link()} ${this.#ways()}`}
        </div>
        <p class="problem" role="alert">${this.#problem}</p>
      </section>
    `;
  }

  /** Over the picture, in full screen too: why nothing came of what was pressed. */
  notice() {
    return html`
      <div slot="over" class="over">
        <p class="party-notice" role="status" ?hidden=${this.#notice === ''}>${this.#notice}</p>
      </div>
    `;
  }

  get #dialog(): HTMLDialogElement | null {
    return document.querySelector<HTMLDialogElement>('dialog.party-opening');
  }

  #words(): string {
    if (this.#follower === null) return 'Joining the party …';
    return partyWords(this.#follower);
  }

  #link() {
    const pressed = () => void this.#copy();
    return html`<button class="button strong" @click=${pressed}>${this.#copied ? 'Link copied' : 'Copy the link'}</button>`;
  }

  /** For the host: who may steer. */
  #steering() {
    const { party, isHost } = this.#follower ?? {};
    if (isHost !== true || !party) return nothing;
    const chosen = (event: Event) => this.#steeringChosen(event);
    return html`
      <label class="who">Who may steer
        <select @change=${chosen} .value=${party.steering}>
          <option value="host" ?selected=${party.steering === 'host'}>Only me</option>
          <option value="everyone" ?selected=${party.steering === 'everyone'}>Everyone</option>
        </select>
      </label>
    `;
  }

  #ways() {
    const end = () => this.#ask((id, key) => endParty(id, key));
    return html`
      ${this.#follower?.isHost ? html`<button class="button" @click=${end}>End for all</button>` : nothing}
      <button class="button" @click=${() => this.#goAlone()}>Leave</button>
    `;
  }

  #close() {
    return html`<button class="button" @click=${() => this.#forget()}>Close this notice</button>`;
  }

  /** Goes on by oneself, where the others are now. */
  #goAlone(): void {
    const seconds = this.#player?.currentTime ?? 0;
    this.#leave();
    this.#forget();
    this.#events.alone(seconds);
  }

  /** The page is that of the Asset again. */
  #forget(): void {
    this.#id = null;
    history.replaceState(null, '', location.pathname);
    this.#events.changed();
    this.#player?.focus();
  }

  #openingDialog() {
    const cancel = () => this.#dialog?.close();
    return html`
      <dialog class="party-opening" aria-labelledby="party-title">
        <form @submit=${(event: SubmitEvent) => void this.#submitted(event)}>
          <h2 id="party-title">Watch together</h2>
          <p>You get a link. Everyone who opens it sees the same picture at the same moment.</p>
          <fieldset>
            <legend>Who may play, pause and seek?</legend>
            <label><input type="radio" name="steering" value="host" checked />Only me</label>
            <label><input type="radio" name="steering" value="everyone" />Everyone</label>
          </fieldset>
          <p class="problem" role="alert">${this.#problem}</p>
          <div class="actions">
            <button class="button" type="button" @click=${cancel}>Cancel</button>
            <button class="button strong">Open the party</button>
          </div>
        </form>
      </dialog>
    `;
  }

  async #submitted(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const steering = steeringOf(new FormData(event.currentTarget).get('steering'));
    const position = this.#player?.currentTime ?? 0;
    await this.#try(async () => {
      const { id, hostKey } = await openParty(this.#assetId, { steering, position });
      keepHostKey(id, hostKey);
      location.assign(`/watch/${this.#assetId}?party=${id}`);
    });
  }

  #steeringChosen({ currentTarget }: Event): void {
    if (!(currentTarget instanceof HTMLSelectElement)) return;
    const steering = steeringOf(currentTarget.value);
    this.#ask((id, key) => setSteering(id, steering, key));
  }

  /** What only the host may. */
  #ask(run: (id: string, hostKey: string) => Promise<void>): void {
    const id = this.#id;
    const hostKey = id === null ? null : hostKeyOf(id);
    if (id !== null && hostKey !== null) void this.#try(() => run(id, hostKey));
  }

  async #try(run: () => Promise<void>): Promise<void> {
    try {
      this.#problem = '';
      await run();
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#events.changed();
  }

  /** Its media element is there once it was drawn. */
  async #begin(player: SfumatoPlayer, id: string): Promise<void> {
    await player.updateComplete;
    if (this.#player === player && this.#id === id) this.#follow(player, id);
  }

  #follow({ media }: SfumatoPlayer, partyId: string): void {
    if (media === null || this.#follower !== null) return;
    const signalUrl = new URL('/signal', location.href.replace(/^http/, 'ws')).href;
    const hostKey = hostKeyOf(partyId);
    const pass = passOn(location.href, this.#assetId);
    this.#follower = new PartyFollower({ media, signalUrl, partyId, hostKey, pass });
    this.#follower.on('changed', () => this.#followerChanged());
    this.#follower.on('refused', () => this.#tell('The host plays, pauses and seeks for all.'));
    this.#events.changed();
  }

  #followerChanged(): void {
    const isOver = this.#follower?.status === 'over';
    if (isOver && !this.#wasOver) this.#events.alone(this.#player?.currentTime ?? 0);
    this.#wasOver = isOver;
    if (isOver) this.#notice = '';
    this.#events.changed();
  }

  #leave(): void {
    this.#wasOver = false;
    this.#follower?.close();
    this.#follower = null;
  }

  #tell(notice: string): void {
    clearTimeout(this.#noticeTimer);
    this.#notice = notice;
    this.#events.changed();
    this.#noticeTimer = setTimeout(() => {
      this.#notice = '';
      this.#events.changed();
    }, NOTICE_MS);
  }

  async #copy(): Promise<void> {
    this.#copied = await share(`${location.origin}${location.pathname}?party=${this.#id ?? ''}`);
    this.#events.changed();
    setTimeout(() => {
      this.#copied = false;
      this.#events.changed();
    }, SHARED_SHOWN_MS);
  }
}

function steeringOf(value: unknown): PartySteering {
  const steering = partySteeringSchema.safeParse(value);
  return steering.success ? steering.data : 'host';
}
