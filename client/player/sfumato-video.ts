import type { Asset, ChannelInfo, PreferredLayer } from '../../signaling/contract/index.ts';
import { GuardedVideo } from './access/guarded-video.ts';
import { type AssetAddress, parseAssetAddress } from './stored/asset-address.ts';
import { parseChannelAddress } from './live/channel-address.ts';
import { CONDITIONS, type Condition } from './live/condition.ts';
import { LivePlayback } from './live/live-playback.ts';
import { MediaProblem } from './media-problem.ts';
import { isOfAsset, isOfChannel } from './media-events.ts';
import { PlayPromises } from './play-promises.ts';
import type { MediaEventType, Playback, Timeline } from './playback.ts';
import type { PlayerStats } from './figures/player-stats.ts';
import { RenditionMenu } from './controls/rendition-menu.ts';
import { Scrub } from './stored/scrub.ts';
import type { Steersman, Wish } from './party/steersman.ts';
import type { StoredPlayback } from './stored/stored-playback.ts';
import type { StoredSource } from './stored/stored-source.ts';
import { videoTemplate } from './video-template.ts';

/** Attributes that are ours to understand, not the `<video>`'s inside. */
const OWN_ATTRIBUTES = new Set(['src', 'autoplay', 'preload', 'controls', 'loop', 'token']);

/**
 * `<sfumato-video src="demo">`: a Channel as a media element. `play()` joins at the live edge and resolves
 * when it plays; `pause()` leaves after a moment. It starts by itself when the Channel comes on air and
 * comes back by itself from every loss. Besides a media element's own events it fires `conditionchange`,
 * `channelchange`, `layerchange`, and `tokenexpiring` half a minute before its `token` ends.
 *
 * With the address of an Asset (`src="/watch/ABCDEFGHIJKLMNO2?t=90"`) it plays that, with everything that a media element
 * has: `duration`, `currentTime`, `textTracks` and so on. It begins by itself as soon as there is something to watch, and
 * fires `assetchange` for `channelchange`.
 */
export class SfumatoVideo extends GuardedVideo {
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
  readonly #promises = new PlayPromises();
  readonly #scrub = new Scrub();
  /** Whose word play, pause, seek and speed need first; null where they are the person's own. */
  steersman: Steersman | null = null;

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
  /** Where the Asset's files are, ending with a slash; empty for a Channel. */
  get filesUrl(): string {
    return this.#stored?.filesUrl ?? '';
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
  protected override get timeline(): Timeline | null {
    return this.#playback?.timeline ?? null;
  }
  override get currentTime(): number {
    return (this.timeline ?? this.nativeEl).currentTime;
  }
  override set currentTime(seconds: number) {
    const how = this.#scrub.goTo(seconds);
    if (this.steersman === null) this.#seek(seconds, how);
    else if (!this.#scrub.held) this.steersman.wants({ at: seconds });
  }
  override get playbackRate(): number {
    return (this.timeline ?? this.nativeEl).playbackRate;
  }
  override set playbackRate(rate: number) {
    if (this.steersman === null) this.#setRate(rate);
    else this.steersman.wants({ rate });
  }
  /** How something stored comes; null before it does, and for what is live. */
  get via(): StoredSource['via'] | null {
    return this.#stored?.via ?? null;
  }
  /** Is the seek bar being dragged? Then the picture follows, as fast as it can; where it is let go it is exact. */
  get scrubbing(): boolean {
    return this.#scrub.held;
  }
  set scrubbing(held: boolean) {
    if (held) this.#scrub.hold();
    const place = held ? null : this.#scrub.release();
    if (place === null) return;
    if (this.steersman !== null) this.steersman.wants({ at: place.seconds });
    else if (place.dragged) this.#seek(place.seconds, 'exactly');
  }
  override get error(): MediaError | null {
    return this.#problem;
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
    else if (name === 'token' && before !== after) this.token = after;
    else if (name === 'src' && before !== after && this.isConnected) this.#open();
    else if (name === 'autoplay' && after !== null && this.isConnected) this.#playUnasked();
  }

  override handleEvent(event: Event): void {
    if (event.target !== this.nativeEl) return;
    if (event.type === 'pause') return this.#nativePaused();
    if (event.type === 'play') return this.#nativePlayed();
    if (!this.#isToTell(event.type)) return;
    if (event.type === 'volumechange' && !this.nativeEl.muted) this.#mutedByPolicy = false;
    super.handleEvent(event);
  }

  /**
   * Watches from the live edge on. Where the browser refuses sound without a gesture it starts muted
   * (`mutedByPolicy`).
   *
   * @throws DOMException NotAllowedError when it refuses even that; AbortError when paused before it
   *   played; NotSupportedError when there is nothing here that could ever play
   */
  override async play(): Promise<void> {
    if (this.#problem !== null && this.#playback === null) throw unplayable(this.#problem.message);
    const started = this.#promises.add();
    if (this.steersman === null) this.#play();
    else this.steersman.wants({ paused: false });
    return started;
  }

  override pause(): void {
    if (this.steersman === null) this.#pause();
    else if (!this.#paused) this.steersman.wants({ paused: true });
  }

  override fastSeek(seconds: number): void {
    this.currentTime = seconds;
  }

  /** So many pictures on from the one that is shown, or back. Of something stored. */
  step(frames: number): void {
    if (this.steersman === null) this.timeline?.step(frames);
  }

  /** Does what a steersman says, without asking anybody. */
  follow({ rate, at, paused }: Wish): void {
    if (rate !== undefined) this.#setRate(rate);
    if (at !== undefined) this.#seek(at, 'exactly');
    if (paused === true) this.#pause();
    if (paused === false) this.#play();
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
    this.openAccess();
    const address = parseAssetAddress(src, document.baseURI);
    if (address !== null) return this.#openAsset(address);
    try {
      if (typeof RTCPeerConnection === 'undefined') throw unplayable(CONDITIONS.notSupported);
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
    const { StoredPlayback } = await import('./stored/stored-playback.ts');
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

  #seek(seconds: number, how: 'exactly' | 'roughly'): void {
    if (this.timeline !== null && how === 'roughly') this.timeline.scrub(seconds);
    else (this.timeline ?? this.nativeEl).currentTime = seconds;
  }

  #setRate(rate: number): void {
    // The default too: the rate is set back to it by every change of the source.
    if (this.timeline === null) this.nativeEl.defaultPlaybackRate = rate;
    (this.timeline ?? this.nativeEl).playbackRate = rate;
  }

  #play(): void {
    if (this.#paused) {
      this.#paused = false;
      this.dispatchEvent(new Event('play'));
    }
    this.#playback?.play();
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#playback?.pause();
    this.#promises.break(new DOMException('It was paused before it played.', 'AbortError'));
    this.dispatchEvent(new Event('pause'));
  }

  #listen(playback: Playback): void {
    playback.on('media', (type) => this.#tell(type));
    playback.on('conditionChanged', (condition) => this.#setCondition(condition));
    playback.on('denied', (denial) => this.access.heard(denial));
    playback.on('failed', (message) => this.#fail(message));
    playback.on('layerChanged', (detail) => this.#dispatch('layerchange', detail));
    playback.on('started', ({ muted }) => {
      this.#mutedByPolicy ||= muted;
      this.#promises.keep();
      this.#dispatch('started', { muted });
    });
    playback.on('blocked', () => {
      this.#promises.break(
        new DOMException('The browser wants a gesture first.', 'NotAllowedError'),
      );
      this.#pause();
    });
  }

  #isToTell(type: string): boolean {
    if (this.#streamType === 'live') return isOfChannel(type);
    return isOfAsset(type, this.timeline?.videoKeepsTime ?? false);
  }

  /** An end is told after the pause that it is; what loops has none. */
  #tell(type: MediaEventType): void {
    if (type === 'ended' && this.loop && this.steersman === null) return this.#playback?.play();
    if (type === 'ended') this.#pause();
    this.dispatchEvent(new Event(type));
  }

  #close(): void {
    this.#pause();
    this.#closePlayback();
    this.access.close();
    this.#setCondition('ready');
    this.dispatchEvent(new Event('emptied'));
  }

  #closePlayback(): void {
    this.#opening += 1;
    this.access.heard(null);
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
    const { srcObject, ended, paused } = this.nativeEl;
    // What comes around again is not paused; nor is what plays again by the time that the event is told.
    if (!paused || this.#playback?.changingSource === true || (ended && this.loop)) return;
    if (srcObject === null && this.#stored !== null) this.#pause();
    // A stream that ended pauses too; what comes after it plays on.
    else if (srcObject instanceof MediaStream && srcObject.active) this.#pause();
  }

  #nativePlayed(): void {
    // While it is paused a stream is shown all the same: that is not the person's play.
    const carriesStream = this.#stored !== null && this.timeline?.videoKeepsTime === false;
    if (this.#paused && !this.nativeEl.paused && !carriesStream) this.#playUnasked();
  }

  #setCondition(condition: Condition): void {
    if (condition === this.#condition) return;
    if (this.#condition === 'denied') this.#problem = null;
    this.#condition = condition;
    this.#tellCondition();
  }

  #tellCondition(): void {
    const { message, refusal = null } = this.access.denial ?? {};
    const sentence = message ?? CONDITIONS[this.#condition];
    this.#dispatch('conditionchange', { condition: this.#condition, sentence, refusal });
  }

  protected override askAgain(): void {
    this.#playback?.askAgain();
  }

  protected override accessChanged(): void {
    if (this.#condition === 'denied' && this.access.denial !== null) this.#tellCondition();
  }

  #fail(message: string): void {
    this.#problem = new MediaProblem(message);
    this.#promises.break(unplayable(message));
    this.dispatchEvent(new Event('error'));
  }

  #dispatch(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function unplayable(message: string): DOMException {
  return new DOMException(message, 'NotSupportedError');
}

if (!customElements.get('sfumato-video')) customElements.define('sfumato-video', SfumatoVideo);

declare global {
  interface HTMLElementTagNameMap {
    'sfumato-video': SfumatoVideo;
  }
}
