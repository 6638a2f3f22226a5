import type { Asset } from '../../../signaling/contract/index.ts';
import type { Denial } from '../access/denial.ts';
import { startAsAllowed } from '../autoplay.ts';
import { FrameWatch } from '../receiving/frame-watch.ts';
import { FreezeFrame } from '../receiving/freeze-frame.ts';
import { LinkRecall } from '../receiving/link-recall.ts';
import type { MediaEventType } from '../playback.ts';
import { SourceHolder } from './stored-holder.ts';
import type {
  ClockEvent,
  SourceClock,
  StoredSource,
  StoredSourceOptions,
} from './stored-source.ts';
import { StoredSpeed } from './stored-speed.ts';
import { StoredTimeline } from './stored-timeline.ts';
import { StoredWaiting } from './stored-waiting.ts';
import type { WayTold } from '../ways/way-words.ts';

/** By the first of these a source with a clock has presented something. */
const PRESENTS: ReadonlySet<ClockEvent> = new Set(['playing', 'seeked', 'timeupdate']);

export type StoredMediaOptions = {
  /** Seconds. */
  startAt: number;
  asset(): Asset | null;
  /** Where the Asset's playlist is, which Rendition is wanted of it, and with whom it is watched. */
  wanted(): Pick<StoredSourceOptions, 'url' | 'rendition' | 'party'>;
  /** Something of `facts` is another. */
  changed(): void;
  renditionChanged(): void;
  refused(): void;
  denied(denial: Denial): void;
  started(muted: boolean): void;
  blocked(): void;
  tell(type: MediaEventType): void;
};

/** What of an Asset comes into the `<video>`: the source, its time, and what is seen of it. */
export class StoredMedia {
  readonly timeline: StoredTimeline;
  readonly #video: HTMLVideoElement;
  readonly #options: StoredMediaOptions;
  readonly #frames: FrameWatch;
  readonly #freezeFrame: FreezeFrame;
  readonly #waiting: StoredWaiting;
  readonly #speed: StoredSpeed;
  readonly #holder: SourceHolder;
  readonly #link = new LinkRecall();
  readonly #end = new AbortController();
  #paused = true;
  #presented = false;
  #lost = false;
  #broken = false;
  #playedAtMs: number | null = null;
  #timeToFirstFrameMs: number | null = null;
  #soughtAtMs: number | null = null;
  #lastSeekMs: number | null = null;
  #warmth: Promise<() => void> | null = null;

  constructor(video: HTMLVideoElement, options: StoredMediaOptions) {
    this.#video = video;
    this.#options = options;
    this.timeline = new StoredTimeline(video, {
      startAt: options.startAt,
      knownDuration: () => options.asset()?.duration ?? Number.NaN,
      rateChanged: () => this.#rateChanged(),
      tell: options.tell,
    });
    this.#freezeFrame = new FreezeFrame(video);
    this.#speed = new StoredSpeed(video);
    this.#frames = new FrameWatch(video, {
      firstFrame: (atMs) => this.#frameCame(atMs),
      linkOverrun: () => {},
    });
    const facts = () => ({ paused: this.#paused, clock: this.#clock });
    this.#waiting = new StoredWaiting(video, facts, options.changed);
    this.#holder = new SourceHolder({
      opened: (source) => this.#opened(source),
      failed: (reason) => this.#failed(reason),
    });
    this.#listen();
  }

  get source(): StoredSource | null {
    return this.#holder.source;
  }
  get opening(): boolean {
    return this.#holder.opening;
  }
  /** Which way it comes, and why; null while it does not. */
  get way(): WayTold | null {
    return this.#holder.told;
  }
  get link(): LinkRecall {
    return this.#link;
  }
  /** What its condition is made of. */
  get facts() {
    return {
      paused: this.#paused,
      presented: this.#presented,
      waiting: this.#waiting.waiting,
      lost: this.#lost,
      broken: this.#broken,
      ended: this.timeline.ended,
    };
  }
  get figures() {
    return {
      framesPresented: this.#frames.presented,
      timeToFirstFrameMs: this.#timeToFirstFrameMs,
      lastSeekMs: this.#lastSeekMs,
    };
  }

  play(): void {
    if (this.#paused) {
      this.#paused = false;
      this.#playedAtMs ??= performance.now();
    }
    const { source } = this.#holder;
    if (source === null) return this.open();
    if (source.clock?.ended === true) source.clock.seek(0);
    source.clock?.play();
    void this.#start();
  }

  pause(): void {
    this.#paused = true;
    // A stream goes on being shown: whoever seeks while it stands still is to see that picture.
    if (this.#clock === null) this.#video.pause();
    else this.#clock.pause();
  }

  /** Makes ready what a start would have to wait for. */
  warmUp(): void {
    const asset = this.#options.asset();
    if (this.#warmth !== null || asset?.kind !== 'video' || !asset.watchable) return;
    if (this.#holder.opening || this.#holder.source !== null) return;
    const { url } = this.#options.wanted();
    this.#warmth = this.#holder.warmUp({ video: this.#video, url, asset });
    this.#warmth.catch((error: unknown) => console.debug('sfumato: not made ready', error));
  }

  /** Opens the way by which it comes, once there is something to come. */
  open(): void {
    const asset = this.#options.asset();
    const playable = asset?.kind === 'video' || asset?.kind === 'audio';
    if (asset === null || !asset.watchable || !playable) return;
    if (this.#broken || this.#holder.opening || this.#holder.source !== null) return;
    this.#holder.open({
      ...this.#options.wanted(),
      asset,
      video: this.#video,
      startAt: this.timeline.opens(),
      startBitrate: this.#link.startBitrate(),
      paused: this.#paused,
      playbackRate: this.timeline.playbackRate,
      withoutWebrtc: this.#speed.leftWebrtc,
      onLost: (lost) => this.#lose(lost),
      onRefused: () => this.#options.refused(),
      onDenied: (denial) => this.#options.denied(denial),
      onBroken: (reason) => this.#break(reason),
      onRendition: () => this.#options.renditionChanged(),
      onClock: (event) => this.#clockSays(event),
      onAnotherWay: () => this.openAnew(),
    });
  }

  /** In place of the present source, from the same picture on, which stands meanwhile. */
  openAnew(): void {
    this.letGo();
    this.open();
  }

  /** Closes the source; time and picture stay where they are until there is another. */
  letGo(): void {
    this.#freezeFrame.hold();
    this.closeSource();
  }

  closeSource(): void {
    this.timeline.hold();
    this.#holder.close();
    this.#lost = false;
  }

  /** What was shown last is not left to be read. */
  wipe(): void {
    this.closeSource();
    this.#freezeFrame.release();
    this.#presented = this.#broken = false;
    this.#coolDown();
  }

  close(): void {
    this.#end.abort();
    this.#waiting.close();
    this.#frames.stop();
    this.#holder.close();
    this.#freezeFrame.remove();
    this.#coolDown();
  }

  /** Lets go of what was made ready. */
  #coolDown(): void {
    this.#warmth?.then(
      (undo) => undo(),
      () => {},
    );
    this.#warmth = null;
  }

  get #clock(): SourceClock | null {
    return this.#holder.source?.clock ?? null;
  }

  #listen(): void {
    const { signal } = this.#end;
    const on = (type: keyof HTMLMediaElementEventMap, listener: () => void) =>
      this.#video.addEventListener(type, listener, { signal });
    on('loadedmetadata', () => this.timeline.loaded());
    on('canplay', () => this.timeline.canPlay());
    on('durationchange', () => this.timeline.durationMayHaveChanged());
    on('ended', () => this.#videoEnded());
    on('volumechange', () => this.#changedWay());
    on('playing', () => this.#soundPlays());
    on('seeking', () => (this.#soughtAtMs = performance.now()));
    on('seeked', () => this.#sought());
    for (const type of ['play', 'pause', 'seeked'] as const) on(type, this.#options.changed);
  }

  #opened(source: StoredSource): void {
    this.timeline.follow(source);
    this.timeline.applyRate();
    this.#frames.start();
    if (this.#paused) this.pause();
    else {
      source.clock?.play();
      void this.#start();
    }
    this.#changedWay();
    this.#options.changed();
  }

  #failed(reason: string): void {
    if (this.#speed.hlsFailed()) this.open();
    else this.#break(reason);
  }

  /** As far as the autoplay policy goes. */
  async #start(): Promise<void> {
    const { source } = this.#holder;
    await startAsAllowed(this.#video, {
      isWanted: () => this.#holder.source === source && !this.#paused,
      started: (muted) => this.#options.started(muted),
      blocked: () => this.#options.blocked(),
    });
  }

  #rateChanged(): void {
    if (!this.#holder.opening && !this.#changedWay()) this.timeline.applyRate();
  }

  /** For the sake of the speed, or of the sound at it. @returns false where it may stay as it is */
  #changedWay(): boolean {
    const { source } = this.#holder;
    if (source === null) return false;
    const changes = this.#speed.asksForAnotherWay(this.timeline.playbackRate, source);
    if (changes) this.openAnew();
    return changes;
  }

  /** What has a clock tells by that when the right picture is shown. */
  #frameCame(atMs: number): void {
    if (this.#clock !== null) return;
    if (!this.#video.seeking) return this.#present(atMs);
    // Where the film begins later, what lies first in the first piece of it may be shown for an instant.
    const arrived = () => (this.#clock === null ? this.#present(performance.now()) : undefined);
    const { signal } = this.#end;
    this.#video.addEventListener('seeked', arrived, { once: true, signal });
  }

  #soundPlays(): void {
    if (this.#options.asset()?.kind === 'audio') this.#present(performance.now());
  }

  #clockSays(event: ClockEvent): void {
    if (PRESENTS.has(event)) this.#present(performance.now());
    this.#waiting.heardClock(event);
    if (event === 'durationchange') this.timeline.durationMayHaveChanged();
    else if (event !== 'ratechange') this.#options.tell(event);
    this.#options.changed();
  }

  #sought(): void {
    if (this.#soughtAtMs !== null) this.#lastSeekMs = performance.now() - this.#soughtAtMs;
    this.#soughtAtMs = null;
  }

  #videoEnded(): void {
    if (this.timeline.videoKeepsTime) this.#options.tell('ended');
    this.#options.changed();
  }

  #present(atMs: number): void {
    if (this.#timeToFirstFrameMs === null && this.#playedAtMs !== null) {
      this.#timeToFirstFrameMs = Math.max(0, atMs - this.#playedAtMs);
    }
    this.#freezeFrame.release();
    if (this.#presented) return;
    this.#presented = true;
    this.#options.changed();
  }

  #lose(lost: boolean): void {
    this.#lost = lost;
    if (lost) this.#waiting.mayWait();
    this.#options.changed();
  }

  #break(reason: string): void {
    console.warn('sfumato: it cannot be played', reason);
    this.#broken = true;
    this.#options.changed();
  }
}
