import './sfumato-video.ts';
import { adoptStyles, html, LitElement, nothing } from 'lit';
import type { Asset, PreferredLayer, WatchRefusal } from '../../signaling/contract/index.ts';
import { CONDITIONS, type Condition } from './live/condition.ts';
import { playIcon, soundOffIcon } from './controls/icons.ts';
import { LateControls, pictureIsDue } from './controls/late-controls.ts';
import type { MediaSessionLink } from './controls/media-session.ts';
import { type Overlay, overlayOf } from './controls/overlay.ts';
import type { Controlled, Panel } from './controls/player-controls.ts';
import type { PlayerStats } from './figures/player-stats.ts';
import { PlayerKeys } from './controls/player-keys.ts';
import { playerStyles } from './player-styles.ts';
import type { SfumatoVideo } from './sfumato-video.ts';
import { StoredUi } from './controls/stored-ui.ts';
import { loadVolume } from './controls/volume-memory.ts';

const REFRESH_MS = 500;

/** Events of the media element that the player's own parts are drawn from, and that it passes on. */
const PASSED_EVENTS = [
  'play',
  'playing',
  'pause',
  'volumechange',
  'error',
  'started',
  'conditionchange',
  'channelchange',
  'assetchange',
  'ended',
  'seeking',
  'layerchange',
  'tokenexpiring',
] as const;

/**
 * `<sfumato-player src="demo" autoplay>`: `<sfumato-video>` with controls. Takes `src`, `autoplay`, `muted`,
 * `poster`, `preload`, `loop`, `token` as that does, and `controls="false"` to go without.
 */
export class SfumatoPlayer extends LitElement {
  static override styles = playerStyles;
  static override properties = {
    src: {},
    token: {},
    poster: {},
    preload: {},
    autoplay: { type: Boolean },
    muted: { type: Boolean },
    loop: { type: Boolean },
    controls: {},
    hasnext: { type: Boolean },
    hasprevious: { type: Boolean },
    panel: { state: true },
  };

  declare src: string | null;
  /** What proves the right to watch; another one takes its place while it plays. */
  declare token: string | null;
  declare poster: string | null;
  declare preload: string | null;
  declare autoplay: boolean;
  declare muted: boolean;
  declare loop: boolean;
  declare controls: string | null;
  /** Is there something that comes after this, or before it? Media keys then ask for it: `nexttrack`, `previoustrack`. */
  declare hasnext: boolean;
  declare hasprevious: boolean;
  declare panel: Panel | null;

  #refresh: ReturnType<typeof setInterval> | undefined;
  /** Did the person go from picture to picture since the pause? Then nothing is to stand before them. */
  #looksAround = false;
  readonly #ui = new StoredUi(this);
  readonly #controls = new LateControls(this);
  /** So many style sheets came later than the player. */
  #lateStyles = 0;
  /** Of what is drawn instead of a picture that may not be seen; it is on its way, or there. */
  #accessCode: Promise<void> | null = null;
  /** By `performance.now()`. */
  #connectedAt = 0;
  #session: MediaSessionLink | null = null;
  readonly #keys = new PlayerKeys({
    player: this,
    isStored: () => this.#ui.isStored,
    togglePlay: () => (this.paused ? this.#playPressed() : this.pause()),
    togglePanel: (panel) => this.#togglePanel(panel),
    toggleCaptions: () => {
      if (this.media !== null) this.#ui.parts?.toggleCaptions(this.media.textTracks);
    },
    controls: () => this.#controls.want(),
  });

  constructor() {
    super();
    this.src = null;
    this.token = null;
    this.poster = null;
    this.preload = null;
    this.autoplay = false;
    this.muted = false;
    this.loop = false;
    this.controls = null;
    this.hasnext = false;
    this.hasprevious = false;
    this.panel = null;
    this.addEventListener('keydown', (event) => this.handleKey(event));
  }

  /** The media element inside. */
  get media(): SfumatoVideo | null {
    return this.renderRoot.querySelector('sfumato-video');
  }
  get paused(): boolean {
    return this.media?.paused ?? true;
  }
  get condition(): Condition {
    return this.media?.condition ?? 'ready';
  }
  /** Why it may not be watched; null as long as nobody said so. */
  get refusal(): WatchRefusal | null {
    return this.media?.refusal ?? null;
  }
  /** What the server says of the Asset; null for a Channel, and before it has said something. */
  get asset(): Asset | null {
    return this.media?.asset ?? null;
  }
  /** Seconds. */
  get duration(): number {
    return this.media?.duration ?? Number.NaN;
  }
  /** Seconds. */
  get currentTime(): number {
    return this.media?.currentTime ?? 0;
  }
  set currentTime(seconds: number) {
    if (this.media !== null) this.media.currentTime = seconds;
  }
  get volume(): number {
    return this.media?.volume ?? 1;
  }
  set volume(volume: number) {
    if (this.media !== null) this.media.volume = volume;
  }

  /** @throws as `<sfumato-video>.play()` does */
  async play(): Promise<void> {
    await this.updateComplete;
    await this.media?.play();
  }

  pause(): void {
    this.media?.pause();
  }

  /** A Layer's index, `auto` or `audioOnly`. */
  preferLayer(layer: PreferredLayer): void {
    this.media?.preferLayer(layer);
  }

  /** The figures that the panel shows; null without a `src`. */
  stats(): PlayerStats | null {
    return this.media?.stats() ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasAttribute('tabindex')) this.tabIndex = 0;
    this.#connectedAt = performance.now();
    this.#refresh = setInterval(() => this.requestUpdate(), REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#refresh);
    this.#session?.release();
  }

  override firstUpdated(): void {
    for (const type of PASSED_EVENTS) {
      this.media?.addEventListener(type, (event) => this.#passOn(event));
    }
    if (this.media === null) return;
    const volume = loadVolume();
    if (volume !== null) this.media.volume = volume;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('src')) this.#ui.open(this.src);
    this.#adoptLateStyles();
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    // The attribute is only where a media element begins; the property is where it is.
    if (changed.has('muted') && this.media !== null) this.media.muted = this.muted;
    if (changed.has('hasnext') || changed.has('hasprevious')) this.#session?.update();
    const { condition, autoplay } = this;
    const sinceMs = performance.now() - this.#connectedAt;
    const hold = !this.#ui.isStored && pictureIsDue({ condition, autoplay, sinceMs });
    if (!hold) this.#controls.suggest();
    this.#session ??= this.#controls.parts?.sessionOf(this, this.media) ?? null;
  }

  override render() {
    const view = this.#ui.view(this.media);
    const controls = this.#controls.parts;
    const hasStill = this.asset?.files.some(({ role }) => role === 'poster' || role === 'cover');
    const overlay = overlayOf(this.condition, {
      hasPoster: hasStill ?? this.poster !== null,
      stored: view !== null,
      looksAround: this.#looksAround,
    });
    return html`
      <media-controller nohotkeys nomutedpref novolumepref defaultstreamtype=${view === null ? 'live' : 'on-demand'}
        autohide=${this.asset?.kind === 'audio' ? '-1' : nothing}>
        <sfumato-video
          slot="media"
          part="video"
          .token=${this.token}
          src=${this.src ?? nothing}
          poster=${this.poster ?? nothing}
          preload=${this.preload ?? nothing}
          ?autoplay=${this.autoplay}
          ?muted=${this.muted}
          ?loop=${this.loop}
        ></sfumato-video>
        ${view === null ? nothing : this.#ui.parts?.soundPicture(view)}
        <div slot="centered-chrome" noautohide class="veil" data-over=${overlay.over}></div>
        <div slot="centered-chrome" noautohide class="over"><slot name="over"></slot></div>
        ${this.#center(overlay.shows)} ${overlay.shows === 'access' ? this.#accessPart() : this.#unmute()} ${controls?.panelOf(this.#controlled()) ?? nothing}
        ${view === null ? nothing : this.#ui.parts?.betterNotice(view, () => this.requestUpdate())}
        ${this.controls === 'false' || overlay.shows === 'access' ? nothing : controls?.controlBar(this.#controlled(), view)}
      </media-controller>
    `;
  }

  #center(shows: Overlay['shows']) {
    return html`
      <div slot="centered-chrome" noautohide class="center">
        ${shows === 'breath' ? html`<div class="breath"></div>` : nothing}
        ${
          shows === 'play'
            ? html`<button class="play" aria-label="Play" @click=${() => this.#playPressed()}>${playIcon}</button>`
            : nothing
        }
        <p class="sentence" role="status" aria-live="polite">${this.#sentence()}</p>
        ${shows === 'progress' ? this.#ui.parts?.progressBar(this.asset) : nothing}
      </div>
    `;
  }

  #sentence(): string {
    if (this.condition === 'denied') return this.#accessPart() === nothing ? CONDITIONS.denied : '';
    const { reason } = this.asset ?? {};
    const sentence = CONDITIONS[this.condition];
    return this.condition === 'assetRefused' && reason !== undefined
      ? `${sentence} ${reason}`
      : sentence;
  }

  /** Why it may not be watched, in full: its code is for those that it happens to. */
  #accessPart() {
    const { access } = this.media ?? {};
    if (access === undefined) return nothing;
    if (customElements.get('sfumato-access') === undefined) {
      this.#wantAccess();
      return nothing;
    }
    const unlocked = () => {
      this.#playPressed();
      this.focus();
    };
    return html`
      <sfumato-access slot="centered-chrome" noautohide .access=${access} .denial=${access.denial}
        @unlocked=${unlocked}></sfumato-access>
    `;
  }

  #wantAccess(): void {
    if (this.#accessCode !== null) return;
    this.#accessCode = import('./access/sfumato-access.ts').then(
      () => this.requestUpdate(),
      (error: unknown) => {
        console.warn('sfumato: no words for it', error);
        this.#accessCode = null;
      },
    );
  }

  #unmute() {
    if (!this.media?.mutedByPolicy || this.paused) return nothing;
    return html`
      <button slot="top-chrome" noautohide class="unmute" @click=${() => this.#unmutePressed()}>
        ${soundOffIcon} Tap to unmute
      </button>
    `;
  }

  #passOn(event: Event): void {
    if (event.type === 'seeking') this.#looksAround = this.paused;
    else if (event.type === 'play' || event.type === 'pause') this.#looksAround = false;
    this.requestUpdate();
    const detail: unknown = event instanceof CustomEvent ? event.detail : null;
    this.dispatchEvent(new CustomEvent(event.type, { detail }));
  }

  #controlled(): Controlled {
    const { media, paused, panel } = this;
    return {
      ...{ media, paused, panel, ui: this.#ui },
      stats: () => this.stats(),
      goLive: () => this.#goLive(),
      togglePanel: (wanted) => this.#togglePanel(wanted),
    };
  }

  /** In this order, whichever came first: what is for Assets changes what is for all. */
  #adoptLateStyles(): void {
    const late = [this.#controls.parts?.controlStyles, this.#ui.parts?.storedStyles];
    const known = late.filter((styles) => styles !== undefined);
    if (known.length === this.#lateStyles || !(this.renderRoot instanceof ShadowRoot)) return;
    this.#lateStyles = known.length;
    adoptStyles(this.renderRoot, [playerStyles, ...known]);
  }

  #playPressed(): void {
    // A refusal shows as a condition, with this button again.
    this.play().catch((error: unknown) => console.debug('sfumato: play', error));
  }

  #unmutePressed(): void {
    if (this.media !== null) this.media.muted = false;
    this.focus();
  }

  /** Back to the live edge, by a new join where the picture is behind. */
  #goLive(): void {
    if (this.media?.channel?.live !== true) return;
    if (!this.paused) this.pause();
    this.#playPressed();
  }

  #togglePanel(panel: Panel | null): void {
    void this.#controls.want();
    this.panel = this.panel === panel ? null : panel;
  }

  /** For a page whose one player should have its keys without being focused first. */
  handleKey(event: KeyboardEvent): void {
    this.#keys.handle(event);
  }
}

if (!customElements.get('sfumato-player')) customElements.define('sfumato-player', SfumatoPlayer);

declare global {
  interface HTMLElementTagNameMap {
    'sfumato-player': SfumatoPlayer;
  }
}
