import { TypedEvents } from '../../../signaling/client/index.ts';
import type { Asset, PreferredLayer } from '../../../signaling/contract/index.ts';
import type { Denial } from '../access/denial.ts';
import { withToken } from '../access/pass.ts';
import type { AssetAddress } from './asset-address.ts';
import { type AssetFeed, openAssetFeed } from './asset-feed.ts';
import { type CaptionHost, CaptionLayer } from '../captions/caption-layer.ts';
import { CONDITIONS, type Condition } from '../live/condition.ts';
import type { Playback, PlaybackEvents, Timeline } from '../playback.ts';
import type { PlayerStats } from '../figures/player-stats.ts';
import { masterPlaylist } from './master-playlist.ts';
import { loadQuality, rungFor, storeQuality } from '../controls/quality-memory.ts';
import { type Rung, rungsOf, stillOf } from './rungs.ts';
import { storedCondition } from './stored-condition.ts';
import { StoredMedia } from './stored-media.ts';
import type { StoredSource } from './stored-source.ts';
import { summarizeStored } from '../figures/stored-stats.ts';
import { StoredTracks } from '../captions/stored-tracks.ts';

/** Conditions that nothing but another Asset, or another time, gets out of. */
const FINAL: ReadonlySet<Condition> = new Set([
  'assetRefused',
  'assetNotFound',
  'deleted',
  'denied',
  'cannotPlay',
  'notSupported',
]);

/** The media element that it is played in. */
export type StoredHost = CaptionHost & { readonly preload: string };

/** One Asset in one `<video>`. */
export class StoredPlayback implements Playback {
  readonly #host: StoredHost;
  readonly #video: HTMLVideoElement;
  readonly #address: AssetAddress;
  readonly #events = new TypedEvents<PlaybackEvents>();
  readonly #feed: AssetFeed;
  readonly #closeFeed: () => void;
  readonly #media: StoredMedia;
  readonly #tracks: StoredTracks;
  readonly #captions: CaptionLayer;
  readonly #end = new AbortController();
  #condition: Condition = 'loading';
  #autoplayBlocked = false;
  #denial: Denial | null = null;
  #preferred: PreferredLayer | null = null;

  constructor(host: StoredHost, video: HTMLVideoElement, address: AssetAddress) {
    this.#host = host;
    this.#video = video;
    this.#address = address;
    this.#media = this.#makeMedia();
    this.#tracks = new StoredTracks(host, video);
    this.#captions = new CaptionLayer(host, video, this.timeline);
    const { feed, close } = openAssetFeed(address);
    this.#feed = feed;
    this.#closeFeed = close;
    feed.on('changed', () => this.#assetChanged());
    feed.on('back', () => this.#media.source?.retry());
    const { signal } = this.#end;
    video.addEventListener('load', this.#tracks.announceLoaded, { signal, capture: true });
  }

  get timeline(): Timeline {
    return this.#media.timeline;
  }
  get asset(): Asset | null {
    return this.#feed.asset;
  }
  /** Where the Asset's files are, ending with a slash. */
  get filesUrl(): string {
    return `${this.#address.url}/files/`;
  }
  get changingSource(): boolean {
    return this.#media.opening;
  }
  /** How it comes; null before it does. */
  get via(): StoredSource['via'] | null {
    return this.#media.source?.via ?? null;
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
    const known = this.#media.source?.renditions ?? [];
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
    // A pause is a moment in which a better picture can be taken without anybody noticing.
    const better = this.betterIsReady && this.#media.facts.paused && !this.timeline.ended;
    if (better) this.#media.letGo();
    this.#media.play();
    this.#update();
  }

  pause(): void {
    this.#media.pause();
    this.#update();
  }

  askAgain(): void {
    this.#feed.lookAgain();
  }

  prefer(layer: PreferredLayer): void {
    if (layer === this.preferred) return;
    this.#preferred = layer;
    const rung = this.#preferredRung;
    storeQuality(rung === undefined ? null : Math.min(rung.width, rung.height));
    const { source } = this.#media;
    if (rung !== undefined && source?.renditions.includes(rung.name) === false) this.takeBetter();
    else source?.prefer(rung?.name ?? null);
    this.#update();
  }

  /** Opens it anew, with the Renditions that were made since; the last picture stands meanwhile. */
  takeBetter(): void {
    if (this.#media.source !== null) this.#media.openAnew();
  }

  stats(): PlayerStats {
    return summarizeStored(this.#video, {
      ...this.#media.figures,
      assetId: this.#address.assetId,
      condition: this.#condition,
      preferredLayer: this.preferred,
      rungs: this.rungs,
      source: this.#media.source,
      way: this.#media.way,
      timeline: this.timeline,
    });
  }

  close(): void {
    this.#end.abort();
    this.#events.clear();
    this.#captions.close();
    this.#tracks.close();
    this.#media.close();
    this.#closeFeed();
    this.#video.removeAttribute('poster');
  }

  get #preferredRung(): Rung | undefined {
    return typeof this.preferred === 'number' ? this.rungs[this.preferred] : undefined;
  }

  #makeMedia(): StoredMedia {
    return new StoredMedia(this.#video, {
      startAt: this.#address.startAt,
      asset: () => this.asset,
      wanted: () => ({
        url: `${this.#address.url}/hls/${masterPlaylist()}`,
        rendition: this.#preferredRung?.name ?? null,
        party: this.#address.party,
      }),
      changed: () => this.#update(),
      renditionChanged: () => this.#renditionChanged(),
      refused: () => this.#feed.lookAgain(),
      denied: (denial) => this.#feed.deny(denial),
      started: (muted) => this.#events.emit('started', { muted }),
      blocked: () => this.#block(),
      tell: (type) => this.#events.emit('media', type),
    });
  }

  #assetChanged(): void {
    const { asset } = this;
    if (asset !== null) {
      this.#showStill(asset);
      if (asset.watchable) this.#tracks.show(asset, this.filesUrl);
      this.#media.timeline.durationMayHaveChanged();
      this.#events.emit('assetChanged', asset);
    }
    const { problem, denial } = this.#feed;
    this.#deny(denial);
    if (problem === 'denied') this.#wipe();
    else if (problem === 'gone') this.#media.closeSource();
    // Those who watch together see the same picture, also one that stands still.
    else if (!this.#media.facts.paused || this.#address.party !== null) this.#media.open();
    else if (this.#host.preload !== 'none') this.#media.warmUp();
    this.#update();
  }

  #deny(denial: Denial | null): void {
    if (denial === this.#denial) return;
    this.#denial = denial;
    this.#events.emit('denied', denial);
  }

  /** Nothing that was seen or read of it stays. */
  #wipe(): void {
    this.#media.wipe();
    this.#tracks.close();
    this.#video.removeAttribute('poster');
  }

  #showStill(asset: Asset): void {
    const still = asset.kind === 'video' ? stillOf(asset, this.#video.clientWidth) : undefined;
    if (still === undefined || this.#video.hasAttribute('poster')) return;
    this.#video.poster = withToken(this.filesUrl + still.name);
  }

  #block(): void {
    this.#autoplayBlocked = true;
    this.pause();
    this.#events.emit('blocked', undefined);
  }

  #renditionChanged(): void {
    const { source, link } = this.#media;
    const index = this.rungs.findIndex((rung) => rung.name === source?.rendition);
    const bandwidth = source?.bandwidth ?? null;
    if (bandwidth !== null) link.heard(bandwidth, true);
    this.#events.emit('layerChanged', {
      spatialLayer: index < 0 ? null : index,
      reason: null,
      availableBitrate: bandwidth,
    });
  }

  #update(): void {
    const condition = storedCondition({
      ...this.#media.facts,
      asset: this.asset,
      problem: this.#feed.problem,
      autoplayBlocked: this.#autoplayBlocked,
    });
    if (condition === this.#condition) return;
    this.#condition = condition;
    this.#events.emit('conditionChanged', condition);
    if (FINAL.has(condition)) {
      this.#events.emit('failed', this.asset?.reason ?? CONDITIONS[condition]);
    }
  }
}
