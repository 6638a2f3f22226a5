import { TypedEvents } from '../../signaling/client/index.ts';
import type { Asset, PreferredLayer } from '../../signaling/contract/index.ts';
import type { AssetAddress } from './asset-address.ts';
import { type AssetFeed, openAssetFeed } from './asset-feed.ts';
import { startAsAllowed } from './autoplay.ts';
import { CONDITIONS, type Condition } from './condition.ts';
import { FrameWatch } from './frame-watch.ts';
import { FreezeFrame } from './freeze-frame.ts';
import { LinkRecall } from './link-recall.ts';
import type { Playback, PlaybackEvents, Timeline } from './playback.ts';
import type { PlayerStats } from './player-stats.ts';
import { loadQuality, rungFor, storeQuality } from './quality-memory.ts';
import { type Rung, rungsOf, stillOf } from './rungs.ts';
import { storedCondition } from './stored-condition.ts';
import { openStoredSource } from './stored-ways.ts';
import type { StoredSource } from './stored-source.ts';
import { summarizeStored } from './stored-stats.ts';
import { StoredTracks } from './stored-tracks.ts';

/** Conditions that nothing but another Asset, or another time, gets out of. */
const FINAL: ReadonlySet<Condition> = new Set([
  'assetRefused',
  'assetNotFound',
  'deleted',
  'cannotPlay',
  'notSupported',
]);
/** A shorter wait is not worth a word. */
const WAITING_TOLD_MS = 400;

/** One Asset in one `<video>`. */
export class StoredPlayback implements Playback {
  readonly timeline: Timeline;
  readonly #video: HTMLVideoElement;
  readonly #address: AssetAddress;
  readonly #events = new TypedEvents<PlaybackEvents>();
  readonly #feed: AssetFeed;
  readonly #closeFeed: () => void;
  readonly #frames: FrameWatch;
  readonly #freezeFrame: FreezeFrame;
  readonly #tracks: StoredTracks;
  readonly #link = new LinkRecall();
  readonly #end = new AbortController();
  #source: StoredSource | null = null;
  /** Opening or changing the source: what the `<video>` says of itself is of no source. */
  #changing = false;
  #condition: Condition = 'loading';
  #paused = true;
  #autoplayBlocked = false;
  #presented = false;
  #waiting = false;
  #waitingTimer: ReturnType<typeof setTimeout> | undefined;
  #lost = false;
  #broken = false;
  /** Where to begin, seconds; null once the `<video>` knows it. */
  #position: number | null;
  #preferred: PreferredLayer | null = null;
  #playedAtMs: number | null = null;
  #timeToFirstFrameMs: number | null = null;

  constructor(host: HTMLElement, video: HTMLVideoElement, address: AssetAddress) {
    this.#video = video;
    this.#address = address;
    this.#position = address.startAt;
    this.timeline = this.#makeTimeline();
    this.#freezeFrame = new FreezeFrame(video);
    this.#frames = new FrameWatch(video, {
      firstFrame: (atMs) => this.#firstFrame(atMs),
      linkOverrun: () => {},
    });
    this.#tracks = new StoredTracks(host, video);
    const { feed, close } = openAssetFeed(address);
    this.#feed = feed;
    this.#closeFeed = close;
    this.#listen();
  }

  get asset(): Asset | null {
    return this.#feed.asset;
  }
  get changingSource(): boolean {
    return this.#changing;
  }
  /** What can be chosen, lowest first. */
  get rungs(): Rung[] {
    return this.asset === null ? [] : rungsOf(this.asset);
  }
  /** An index of `rungs`, or `auto`. */
  get preferred(): PreferredLayer {
    return this.#preferred ?? rungFor(this.rungs, loadQuality());
  }
  /** Are there better Renditions than when the source was opened? */
  get betterIsReady(): boolean {
    const known = this.#source?.renditions ?? [];
    return known.length > 0 && this.rungs.some(({ name }) => !known.includes(name));
  }

  on<E extends keyof PlaybackEvents>(
    event: E,
    listener: (data: PlaybackEvents[E]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  /** Says at once what is known already, to listeners that came since. */
  begin(): void {
    this.#assetChanged();
  }

  play(): void {
    this.#autoplayBlocked = false;
    if (this.#paused) {
      this.#paused = false;
      this.#playedAtMs = performance.now();
    }
    if (this.#source === null) this.#open();
    // A pause is a moment in which a better picture can be taken without anybody noticing.
    else if (this.betterIsReady) this.takeBetter();
    else void this.#start();
    this.#update();
  }

  pause(): void {
    this.#paused = true;
    this.#video.pause();
    this.#update();
  }

  prefer(layer: PreferredLayer): void {
    if (layer === this.preferred) return;
    this.#preferred = layer;
    const rung = typeof layer === 'number' ? this.rungs[layer] : undefined;
    storeQuality(rung === undefined ? null : Math.min(rung.width, rung.height));
    if (rung !== undefined && this.#source?.renditions.includes(rung.name) === false) {
      this.takeBetter();
    } else this.#source?.prefer(rung?.name ?? null);
    this.#update();
  }

  /** Loads the master playlist anew, with the Renditions that were made since; the last picture stands meanwhile. */
  takeBetter(): void {
    if (this.#source === null) return;
    this.#position = this.#video.currentTime;
    this.#freezeFrame.hold();
    this.#closeSource();
    this.#open();
  }

  stats(): PlayerStats {
    return summarizeStored(this.#video, {
      assetId: this.#address.assetId,
      condition: this.#condition,
      framesPresented: this.#frames.presented,
      timeToFirstFrameMs: this.#timeToFirstFrameMs,
      preferredLayer: this.preferred,
      rungs: this.rungs,
      source: this.#source,
      timeline: this.timeline,
    });
  }

  close(): void {
    this.#end.abort();
    clearTimeout(this.#waitingTimer);
    this.#events.clear();
    this.#frames.stop();
    this.#tracks.close();
    this.#closeSource();
    this.#closeFeed();
    this.#freezeFrame.remove();
    this.#video.removeAttribute('poster');
  }

  #makeTimeline(): Timeline {
    const video = this.#video;
    const wanted = () => this.#position;
    const seek = (seconds: number) => this.#seek(seconds);
    const known = () => this.asset?.duration ?? Number.NaN;
    return {
      get duration() {
        return wanted() === null && Number.isFinite(video.duration) ? video.duration : known();
      },
      get currentTime() {
        return wanted() ?? video.currentTime;
      },
      set currentTime(seconds) {
        seek(seconds);
      },
      get ended() {
        return wanted() === null && video.ended;
      },
    };
  }

  #seek(seconds: number): void {
    if (this.#position === null) this.#video.currentTime = seconds;
    else {
      this.#position = seconds;
      this.#video.dispatchEvent(new Event('timeupdate'));
    }
  }

  #listen(): void {
    const { signal } = this.#end;
    const update = () => this.#update();
    this.#feed.on('changed', () => this.#assetChanged());
    this.#feed.on('back', () => this.#source?.retry());
    for (const type of ['waiting', 'seeking', 'stalled'] as const)
      this.#video.addEventListener(type, () => this.#mayWait(), { signal });
    for (const type of ['playing', 'canplay', 'seeked'] as const)
      this.#video.addEventListener(type, () => this.#goesOn(), { signal });
    for (const type of ['ended', 'play', 'pause'] as const)
      this.#video.addEventListener(type, update, { signal });
    this.#video.addEventListener('loadedmetadata', () => this.#loaded(), { signal });
    this.#video.addEventListener('playing', () => this.#playing(), { signal });
    this.#video.addEventListener('load', this.#tracks.announceLoaded, { signal, capture: true });
  }

  #assetChanged(): void {
    const { asset } = this;
    if (asset !== null) {
      this.#showStill(asset);
      if (asset.watchable) this.#tracks.show(asset, `${this.#address.url}/files/`);
      this.#events.emit('assetChanged', asset);
    }
    if (this.#feed.problem === 'gone') this.#closeSource();
    else if (this.#source === null && !this.#paused) this.#open();
    this.#update();
  }

  #showStill(asset: Asset): void {
    const still = asset.kind === 'video' ? stillOf(asset, this.#video.clientWidth) : undefined;
    if (still === undefined || this.#video.hasAttribute('poster')) return;
    this.#video.poster = `${this.#address.url}/files/${still.name}`;
  }

  /** Opens the way by which it comes, once there is something to come. */
  #open(): void {
    const { asset } = this;
    const playable = asset?.kind === 'video' || asset?.kind === 'audio';
    if (asset === null || !asset.watchable || !playable || this.#broken || this.#changing) return;
    this.#changing = true;
    const rung = typeof this.preferred === 'number' ? this.rungs[this.preferred] : undefined;
    openStoredSource({
      video: this.#video,
      url: `${this.#address.url}/hls/master.m3u8`,
      startAt: this.#position ?? 0,
      rendition: rung?.name ?? null,
      startBitrate: this.#link.startBitrate(),
      onLost: (lost) => this.#lose(lost),
      onRefused: () => this.#feed.lookAgain(),
      onBroken: (reason) => this.#break(reason),
      onRendition: () => this.#renditionChanged(),
    })
      .then((source) => this.#opened(source))
      .catch((error: unknown) => this.#break(String(error)));
  }

  #opened(source: StoredSource): void {
    this.#changing = false;
    if (this.#end.signal.aborted || this.#feed.problem === 'gone') return source.close();
    this.#source = source;
    this.#frames.start();
    if (!this.#paused) void this.#start();
  }

  #closeSource(): void {
    this.#source?.close();
    this.#source = null;
    this.#lost = false;
  }

  /** As far as the autoplay policy goes. */
  async #start(): Promise<void> {
    const source = this.#source;
    await startAsAllowed(this.#video, {
      isWanted: () => this.#source === source && !this.#paused,
      started: (muted) => this.#events.emit('started', { muted }),
      blocked: () => this.#block(),
    });
  }

  #block(): void {
    this.#autoplayBlocked = true;
    this.pause();
    this.#events.emit('blocked', undefined);
  }

  #loaded(): void {
    if (this.#source === null && !this.#changing) return;
    if (this.#position !== null && this.#position > 0) this.#video.currentTime = this.#position;
    this.#position = null;
  }

  #firstFrame(atMs: number): void {
    if (this.#timeToFirstFrameMs === null && this.#playedAtMs !== null) {
      this.#timeToFirstFrameMs = Math.max(0, atMs - this.#playedAtMs);
    }
    this.#present();
  }

  #playing(): void {
    if (this.asset?.kind === 'audio') this.#present();
  }

  #present(): void {
    this.#freezeFrame.release();
    this.#presented = true;
    this.#update();
  }

  #mayWait(): void {
    clearTimeout(this.#waitingTimer);
    this.#waitingTimer = setTimeout(() => {
      const { seeking, readyState, ended } = this.#video;
      const short = readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !ended;
      this.#waiting = short && (seeking || !this.#paused);
      this.#update();
    }, WAITING_TOLD_MS);
  }

  #goesOn(): void {
    clearTimeout(this.#waitingTimer);
    this.#waiting = false;
    this.#update();
  }

  #lose(lost: boolean): void {
    this.#lost = lost;
    if (lost) this.#mayWait();
    this.#update();
  }

  #break(reason: string): void {
    console.warn('sfumato: it cannot be played', reason);
    this.#broken = true;
    this.#changing = false;
    this.#update();
  }

  #renditionChanged(): void {
    const name = this.#source?.rendition;
    const index = this.rungs.findIndex((rung) => rung.name === name);
    const bandwidth = this.#source?.bandwidth ?? null;
    if (bandwidth !== null) this.#link.heard(bandwidth, true);
    this.#events.emit('layerChanged', {
      spatialLayer: index < 0 ? null : index,
      reason: null,
      availableBitrate: bandwidth,
    });
  }

  #update(): void {
    const condition = storedCondition({
      asset: this.asset,
      problem: this.#feed.problem,
      paused: this.#paused,
      autoplayBlocked: this.#autoplayBlocked,
      broken: this.#broken,
      presented: this.#presented,
      waiting: this.#waiting,
      lost: this.#lost,
      ended: this.timeline.ended,
    });
    if (condition === this.#condition) return;
    this.#condition = condition;
    this.#events.emit('conditionChanged', condition);
    if (FINAL.has(condition)) {
      this.#events.emit('failed', this.asset?.reason ?? CONDITIONS[condition]);
    }
  }
}
