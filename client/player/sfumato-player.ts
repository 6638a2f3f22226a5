/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import 'media-chrome/dist/media-controller.js';
import 'media-chrome/dist/media-control-bar.js';
import 'media-chrome/dist/media-fullscreen-button.js';
import 'media-chrome/dist/media-mute-button.js';
import 'media-chrome/dist/media-pip-button.js';
import 'media-chrome/dist/media-play-button.js';
import 'media-chrome/dist/media-volume-range.js';
import 'media-chrome/dist/menu/media-chrome-menu-item.js';
import 'media-chrome/dist/menu/media-rendition-menu-button.js';
import './quality-menu.ts';
import './sfumato-video.ts';
import { html, LitElement, nothing } from 'lit';
import type { Asset, PreferredLayer } from '../../signaling/contract/index.ts';
import { CONDITIONS, type Condition } from './condition.ts';
import { closeIcon, figuresIcon, helpIcon, playIcon, soundOffIcon } from './icons.ts';
import { actionOfKey, nextRate, type PlayerAction, seekTarget } from './keyboard.ts';
import { liveBadge } from './live-badge.ts';
import { type Overlay, overlayOf } from './overlay.ts';
import { figuresTable, keyboardTable } from './panel-tables.ts';
import type { PlayerStats } from './player-stats.ts';
import { playerStyles } from './player-styles.ts';
import type { SfumatoVideo } from './sfumato-video.ts';
import type { StoredView } from './stored-controls.ts';
import { StoredUi } from './stored-ui.ts';

const VOLUME_STEP = 0.1;
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
  'layerchange',
] as const;

/**
 * `<sfumato-player src="demo" autoplay>`: `<sfumato-video>` with controls. Takes `src`, `autoplay`, `muted`,
 * `poster`, `preload`, `loop` as that does, and `controls="false"` to go without.
 */
export class SfumatoPlayer extends LitElement {
  static override styles = playerStyles;
  static override properties = {
    src: {},
    poster: {},
    preload: {},
    autoplay: { type: Boolean },
    muted: { type: Boolean },
    loop: { type: Boolean },
    controls: {},
    panel: { state: true },
  };

  declare src: string | null;
  declare poster: string | null;
  declare preload: string | null;
  declare autoplay: boolean;
  declare muted: boolean;
  declare loop: boolean;
  declare controls: string | null;
  declare panel: 'figures' | 'help' | null;

  #refresh: ReturnType<typeof setInterval> | undefined;
  readonly #ui = new StoredUi(this);

  constructor() {
    super();
    this.src = null;
    this.poster = null;
    this.preload = null;
    this.autoplay = false;
    this.muted = false;
    this.loop = false;
    this.controls = null;
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
    this.#refresh = setInterval(() => this.requestUpdate(), REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#refresh);
  }

  override firstUpdated(): void {
    for (const type of PASSED_EVENTS) {
      this.media?.addEventListener(type, (event) => this.#passOn(event));
    }
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('src')) this.#ui.open(this.src, playerStyles);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    // The attribute is only where a media element begins; the property is where it is.
    if (changed.has('muted') && this.media !== null) this.media.muted = this.muted;
  }

  override render() {
    const view = this.#ui.view(this.media);
    const hasStill = this.asset?.files.some(({ role }) => role === 'poster' || role === 'cover');
    const overlay = overlayOf(this.condition, hasStill ?? this.poster !== null);
    return html`
      <media-controller nohotkeys nomutedpref defaultstreamtype=${view === null ? 'live' : 'on-demand'}
        autohide=${this.asset?.kind === 'audio' ? '-1' : nothing}>
        <sfumato-video
          slot="media"
          part="video"
          src=${this.src ?? nothing}
          poster=${this.poster ?? nothing}
          preload=${this.preload ?? nothing}
          ?autoplay=${this.autoplay}
          ?muted=${this.muted}
          ?loop=${this.loop}
        ></sfumato-video>
        ${view === null ? nothing : this.#ui.parts?.soundPicture(view)}
        <div slot="centered-chrome" noautohide class="veil" data-over=${overlay.over}></div>
        ${this.#center(overlay.shows)} ${this.#unmute()} ${this.#panel()}
        ${view === null ? nothing : this.#ui.parts?.betterNotice(view, () => this.requestUpdate())}
        ${this.controls === 'false' ? nothing : this.#controls(view)}
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
    const { reason } = this.asset ?? {};
    const sentence = CONDITIONS[this.condition];
    return this.condition === 'assetRefused' && reason !== undefined
      ? `${sentence} ${reason}`
      : sentence;
  }

  #unmute() {
    if (!this.media?.mutedByPolicy || this.paused) return nothing;
    return html`
      <button slot="top-chrome" noautohide class="unmute" @click=${() => this.#unmutePressed()}>
        ${soundOffIcon} Tap to unmute
      </button>
    `;
  }

  #controls(view: StoredView | null) {
    const soundOnly = view?.asset?.kind === 'audio';
    return html`
      <div class="haze"></div>
      ${view === null ? nothing : this.#ui.parts?.storedMenus(view)}
      <sfumato-quality-menu id="quality" hidden anchor="auto">
        <!-- In place of a "back" button, which a menu of one level has no use for. -->
        <span slot="header" hidden></span>
      </sfumato-quality-menu>
      ${view === null ? nothing : this.#ui.parts?.seekBar(view)}
      <media-control-bar>
        <media-play-button></media-play-button>
        <media-mute-button></media-mute-button>
        <media-volume-range></media-volume-range>
        ${view === null ? this.#badge() : this.#ui.parts?.timeDisplay}
        <span class="spacer"></span>
        ${view === null ? nothing : this.#ui.parts?.storedButtons(view)}
        ${soundOnly ? nothing : html`<media-rendition-menu-button invoketarget="quality"></media-rendition-menu-button>`}
        ${this.#panelButton('figures', 'Figures of this stream', figuresIcon, view === null ? '' : 'roomy')}
        ${this.#panelButton('help', 'Keyboard help', helpIcon, 'roomy')}
        ${soundOnly ? nothing : html`<media-pip-button></media-pip-button>`}
        <media-fullscreen-button></media-fullscreen-button>
      </media-control-bar>
    `;
  }

  #badge() {
    const live = this.media?.channel?.live ?? false;
    const latencyMs = this.stats()?.latencyMs ?? null;
    const { state, text, title } = liveBadge({ live, paused: this.paused, latencyMs });
    return html`
      <button class="badge" data-state=${state} title=${title} aria-label=${`${text}. ${title}`}
        aria-disabled=${state === 'offAir'} @click=${() => this.#goLive()}>${text}</button>
    `;
  }

  #panelButton(panel: 'figures' | 'help', label: string, icon: unknown, extra = '') {
    const pressed = this.panel === panel;
    return html`
      <button class="tool ${extra}" aria-label=${label} title=${label} aria-pressed=${pressed}
        @click=${() => this.#togglePanel(panel)}>${icon}</button>
    `;
  }

  #panel() {
    if (this.panel === null) return nothing;
    const title = this.panel === 'figures' ? 'Figures of this stream' : 'Keyboard';
    return html`
      <section slot="top-chrome" noautohide class="panel" aria-label=${title}>
        <header>
          <h2>${title}</h2>
          <button class="tool" aria-label="Close" @click=${() => this.#togglePanel(null)}>
            ${closeIcon}
          </button>
        </header>
        ${this.panel === 'figures' ? figuresTable(this.stats()) : keyboardTable(this.#ui.isStored)}
      </section>
    `;
  }

  #passOn(event: Event): void {
    this.requestUpdate();
    const detail: unknown = event instanceof CustomEvent ? event.detail : null;
    this.dispatchEvent(new CustomEvent(event.type, { detail }));
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

  #togglePanel(panel: 'figures' | 'help' | null): void {
    this.panel = this.panel === panel ? null : panel;
  }

  /** For a page whose one player should have its keys without being focused first. */
  handleKey(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    const stored = this.#ui.isStored;
    const action = actionOfKey({
      key: event.key,
      modified: event.ctrlKey || event.metaKey || event.altKey,
      typing: target instanceof HTMLElement && (target.isContentEditable || isTextField(target)),
      onControl: target instanceof HTMLElement && this.#usesKeys(target, stored),
      stored,
    });
    if (action === null || event.defaultPrevented) return;
    event.preventDefault();
    this.#act(action, event.key);
  }

  #usesKeys(target: HTMLElement, stored: boolean): boolean | 'button' {
    if (target === this || target === document.body) return false;
    return stored && /(?:^|-)button$/.test(target.localName) ? 'button' : true;
  }

  #act(action: PlayerAction, key: string): void {
    const { media } = this;
    if (media === null) return;
    const seconds = seekTarget(action, key, media);
    if (seconds !== null) media.currentTime = seconds;
    const actions: Partial<Record<PlayerAction, () => void>> = {
      togglePlay: () => (media.paused ? this.#playPressed() : media.pause()),
      toggleMute: () => (media.muted = !media.muted),
      toggleFullscreen: () => this.#press('media-fullscreen-button'),
      togglePictureInPicture: () => this.#press('media-pip-button'),
      toggleStatistics: () => this.#togglePanel('figures'),
      toggleHelp: () => this.#togglePanel('help'),
      volumeUp: () => this.#turnVolume(VOLUME_STEP),
      volumeDown: () => this.#turnVolume(-VOLUME_STEP),
      close: () => this.#togglePanel(null),
      slower: () => (media.playbackRate = nextRate(media.playbackRate, -1)),
      faster: () => (media.playbackRate = nextRate(media.playbackRate, 1)),
      toggleCaptions: () => this.#ui.parts?.toggleCaptions(media.textTracks),
    };
    actions[action]?.();
  }

  #turnVolume(step: number): void {
    const { media } = this;
    if (media === null) return;
    media.volume = Math.min(1, Math.max(0, media.volume + step));
    if (step > 0) media.muted = false;
  }

  #press(button: 'media-fullscreen-button' | 'media-pip-button'): void {
    this.renderRoot.querySelector<HTMLElement>(button)?.click();
  }
}

function isTextField(element: HTMLElement): boolean {
  const { localName } = element;
  if (element instanceof HTMLInputElement && element.type === 'range') return false;
  return localName === 'input' || localName === 'textarea' || localName === 'select';
}

if (!customElements.get('sfumato-player')) customElements.define('sfumato-player', SfumatoPlayer);

declare global {
  interface HTMLElementTagNameMap {
    'sfumato-player': SfumatoPlayer;
  }
}
