import { CustomVideoElement } from 'custom-media-element';
import { MediaTracksMixin } from 'media-tracks';
import type { Asset, ChannelInfo, PreferredLayer } from '../../signaling/contract/index.ts';
import { type AssetAddress, parseAssetAddress } from './asset-address.ts';
import { parseChannelAddress } from './channel-address.ts';
import { CONDITIONS, type Condition } from './condition.ts';
import { LivePlayback } from './live-playback.ts';
import { MediaProblem } from './media-problem.ts';
import type { Playback } from './playback.ts';
import type { PlayerStats } from './player-stats.ts';
import { RenditionMenu } from './rendition-menu.ts';
import type { StoredPlayback } from './stored-playback.ts';
import { videoTemplate } from './video-template.ts';

/** Native events that tell of our `<video>`'s sources coming and going, and nothing about the Channel. */
const INTERNAL_EVENTS = new Set([
  'abort',
  'emptied',
  'ended',
  'error',
  'loadstart',
  'stalled',
  'suspend',
]);

/** Of something stored only these: the rest is as of any media element. */
const INTERNAL_STORED_EVENTS = new Set(['abort', 'error']);

/** Attributes that are ours to understand, not the `<video>`'s inside. */
const OWN_ATTRIBUTES = new Set(['src', 'autoplay', 'preload', 'controls', 'loop']);

export type ConditionChange = CustomEvent<{ condition: Condition; sentence: string }>;

type Waiter = { resolve: () => void; reject: (reason: unknown) => void };

/**
 * `<sfumato-video src="demo">`: a Channel as a media element. `play()` joins at the live edge and resolves
 * when it plays; `pause()` leaves after a moment. It starts by itself when the Channel comes on air and
 * comes back by itself from every loss. Besides a media element's own events it fires `conditionchange`,
 * `channelchange` and `layerchange`.
 *
 * With the address of an Asset (`src="/watch/ABCDEFGHIJKLMNO2?t=90"`) it plays that, with everything that a media element
 * has: `duration`, `currentTime`, `textTracks` and so on. It begins by itself as soon as there is something to watch, and
 * fires `assetchange` for `channelchange`.
 */
export class SfumatoVideo extends MediaTracksMixin(CustomVideoElement) {
  static override getTemplateHTML = (attributes: Record<string, string>): string =>
    videoTemplate(attributes, OWN_ATTRIBUTES);

  readonly #renditions: RenditionMenu;
  #playback: Playback | null = null;
  #live: LivePlayback | null = null;
  #stored: StoredPlayback | null = null;
  #streamType: 'live' | 'on-demand' = 'live';
  /** Which `src` is being opened: the code for another may come late. */
  #opening = 0;
  #signalUrl = '';
  #paused = true;
  #mutedByPolicy = false;
  #problem: MediaProblem | null = null;
  #condition: Condition = 'ready';
  #waiters: Waiter[] = [];

  constructor() {
    super();
    this.#renditions = new RenditionMenu(this, (layer) => this.preferLayer(layer));
  }

  get streamType(): 'live' | 'on-demand' {
    return this.#streamType;
  }
  get channelId(): string | null {
    return this.#live?.session.channelId ?? null;
  }
  /** What the server says of the Channel, once it has said something. */
  get channel(): ChannelInfo | null {
    return this.#live?.session.channel ?? null;
  }
  /** What the server says of the Asset, once it has said something. */
  get asset(): Asset | null {
    return this.#stored?.asset ?? null;
  }
  /** Were better Renditions made since this one began? `takeBetter()` goes over to them, with a hitch. */
  get betterIsReady(): boolean {
    return this.#stored?.betterIsReady ?? false;
  }
  /** Why there is a picture, or why there is none. */
  get condition(): Condition {
    return this.#condition;
  }
  /** Did the browser allow the start only without sound? Until the sound is switched on. */
  get mutedByPolicy(): boolean {
    return this.#mutedByPolicy;
  }
  override get paused(): boolean {
    return this.#paused;
  }
  override get ended(): boolean {
    return this.#playback?.timeline?.ended ?? false;
  }
  override get duration(): number {
    return this.#playback?.timeline?.duration ?? this.nativeEl.duration;
  }
  override get currentTime(): number {
    return this.#playback?.timeline?.currentTime ?? this.nativeEl.currentTime;
  }
  override set currentTime(seconds: number) {
    const timeline = this.#playback?.timeline ?? this.nativeEl;
    timeline.currentTime = seconds;
  }
  override get playbackRate(): number {
    return this.nativeEl.playbackRate;
  }
  override set playbackRate(rate: number) {
    // The default too: the rate is set back to it by every change of the source.
    this.nativeEl.defaultPlaybackRate = rate;
    this.nativeEl.playbackRate = rate;
  }
  override get error(): MediaError | null {
    return this.#problem;
  }
  override get currentSrc(): string {
    return this.src ? new URL(this.src, document.baseURI).href : '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null) {
    if (!OWN_ATTRIBUTES.has(name)) super.attributeChangedCallback(name, before, after);
    else if (name === 'src' && before !== after && this.isConnected) this.#open();
    else if (name === 'autoplay' && after !== null && this.isConnected) this.#playUnasked();
  }

  override handleEvent(event: Event): void {
    const internal = this.#streamType === 'live' ? INTERNAL_EVENTS : INTERNAL_STORED_EVENTS;
    if (event.target !== this.nativeEl || internal.has(event.type)) return;
    if (event.type === 'pause') return this.#nativePaused();
    if (event.type === 'play') return this.#nativePlayed();
    if (event.type === 'volumechange' && !this.nativeEl.muted) this.#mutedByPolicy = false;
    super.handleEvent(event);
    if (event.type === 'ended' && this.loop) this.#playUnasked();
  }

  /**
   * Watches from the live edge on. Where the browser refuses sound without a gesture it starts muted
   * (`mutedByPolicy`).
   *
   * @throws DOMException NotAllowedError when it refuses even that; AbortError when paused before it
   *   played; NotSupportedError when there is nothing here that could ever play
   */
  override async play(): Promise<void> {
    if (this.#problem !== null && this.#playback === null) throw refusal(this.#problem.message);
    if (this.#paused) {
      this.#paused = false;
      this.dispatchEvent(new Event('play'));
    }
    const started = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    this.#playback?.play();
    return started;
  }

  override pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#playback?.pause();
    this.#settle(new DOMException('It was paused before it played.', 'AbortError'));
    this.dispatchEvent(new Event('pause'));
  }

  /** Begins anew with `src`. */
  override load(): void {
    this.#close();
    this.#open();
  }

  /** A Layer's index, `auto` or `audioOnly`; the quality menu's `videoRenditions.selectedIndex` does the same. */
  preferLayer(layer: PreferredLayer): void {
    this.#playback?.prefer(layer);
  }

  /** Goes over to the Renditions that were made since it began. */
  takeBetter(): void {
    this.#stored?.takeBetter();
  }

  /** The figures of this moment (`getStats()` as of the last second); null without a `src`. */
  stats(): PlayerStats | null {
    return this.#playback?.stats() ?? null;
  }

  #open(): void {
    const { src } = this;
    if (!src) return this.#close();
    const address = parseAssetAddress(src, document.baseURI);
    if (address !== null) return this.#openAsset(address);
    try {
      if (typeof RTCPeerConnection === 'undefined') throw refusal(CONDITIONS.notSupported);
      const { channelId, signalUrl } = parseChannelAddress(src, document.baseURI);
      this.#problem = null;
      this.#openChannel(channelId, signalUrl);
    } catch (error) {
      this.#close();
      this.#setCondition(
        Reflect.get(Object(error), 'code') === 'badRequest' ? 'notFound' : 'notSupported',
      );
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #openChannel(channelId: string, signalUrl: string): void {
    if (this.#live !== null && this.#signalUrl === signalUrl) {
      // The same server: the connection stays, only what comes over it changes.
      this.#live.session.choose(channelId);
      return;
    }
    this.#closePlayback();
    this.#setStreamType('live');
    this.#signalUrl = signalUrl;
    this.#live = new LivePlayback(this.nativeEl, { channelId, signalUrl });
    this.#listenLive(this.#live);
    this.#begin(this.#live);
    if (this.preload !== 'none') this.#live.session.warmUp();
    this.#playIfWanted();
  }

  #openAsset(address: AssetAddress): void {
    this.#closePlayback();
    this.#problem = null;
    this.#setStreamType('on-demand');
    this.#setCondition('loading');
    this.#beginAsset(address).catch((error: unknown) => this.#fail(String(error)));
  }

  /** Pages with live pictures only never need its code. */
  async #beginAsset(address: AssetAddress): Promise<void> {
    const opening = this.#opening;
    const { StoredPlayback } = await import('./stored-playback.ts');
    if (opening !== this.#opening || !this.isConnected) return;
    this.#stored = new StoredPlayback(this, this.nativeEl, address);
    this.#listenStored(this.#stored);
    this.#begin(this.#stored);
    this.#stored.begin();
    this.#playIfWanted();
  }

  #begin(playback: Playback): void {
    this.#playback = playback;
    this.#listen(playback);
    this.dispatchEvent(new Event('loadstart'));
  }

  #playIfWanted(): void {
    if (!this.#paused) this.#playback?.play();
    else if (this.autoplay) this.#playUnasked();
  }

  #setStreamType(streamType: 'live' | 'on-demand'): void {
    if (streamType === this.#streamType) return;
    this.#streamType = streamType;
    this.dispatchEvent(new Event('streamtypechange'));
  }

  #listenLive(playback: LivePlayback): void {
    playback.on('channelChanged', (channel) => {
      this.#renditions.show(channel, playback.session.preferredLayer);
      this.#dispatch('channelchange', channel);
    });
  }

  #listenStored(playback: StoredPlayback): void {
    playback.on('assetChanged', (asset) => {
      this.#renditions.show({ layers: playback.rungs, hasAudio: false }, playback.preferred);
      this.#dispatch('assetchange', asset);
    });
  }

  #listen(playback: Playback): void {
    playback.on('conditionChanged', (condition) => this.#setCondition(condition));
    playback.on('failed', (message) => this.#fail(message));
    playback.on('layerChanged', (detail) => this.#dispatch('layerchange', detail));
    playback.on('started', ({ muted }) => {
      this.#mutedByPolicy ||= muted;
      this.#settle(null);
      this.#dispatch('started', { muted });
    });
    playback.on('blocked', () => {
      this.#settle(new DOMException('The browser wants a gesture first.', 'NotAllowedError'));
      this.pause();
    });
  }

  #close(): void {
    this.pause();
    this.#closePlayback();
    this.#setCondition('ready');
    this.dispatchEvent(new Event('emptied'));
  }

  #closePlayback(): void {
    this.#opening += 1;
    this.#playback?.close();
    this.#playback = this.#live = this.#stored = null;
    this.#renditions.show({ layers: [], hasAudio: false }, 'auto');
  }

  #playUnasked(): void {
    // A refusal is a condition that the player shows, not an error.
    this.play().catch((error: unknown) => console.debug('sfumato: autoplay', error));
  }

  /** The browser's own doing: a media key, a picture-in-picture window, an interruption by a call. */
  #nativePaused(): void {
    if (this.#stored !== null) return this.#stored.changingSource ? undefined : this.pause();
    const { srcObject } = this.nativeEl;
    // A stream that ended pauses too; what comes after it plays on.
    if (srcObject instanceof MediaStream && srcObject.active) this.pause();
  }

  #nativePlayed(): void {
    if (this.#paused) this.#playUnasked();
  }

  #setCondition(condition: Condition): void {
    if (condition === this.#condition) return;
    this.#condition = condition;
    this.#dispatch('conditionchange', { condition, sentence: CONDITIONS[condition] });
  }

  #fail(message: string): void {
    this.#problem = new MediaProblem(message);
    this.#settle(refusal(message));
    this.dispatchEvent(new Event('error'));
  }

  #settle(reason: DOMException | null): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) {
      if (reason === null) waiter.resolve();
      else waiter.reject(reason);
    }
  }

  #dispatch(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function refusal(message: string): DOMException {
  return new DOMException(message, 'NotSupportedError');
}

if (!customElements.get('sfumato-video')) customElements.define('sfumato-video', SfumatoVideo);

declare global {
  interface HTMLElementTagNameMap {
    'sfumato-video': SfumatoVideo;
  }
}
