import { steppedTime } from './frame-step.ts';
import type { MediaEventType, Timeline } from '../playback.ts';
import type { SourceClock, StoredSource } from './stored-source.ts';
import { timeRanges } from './time-ranges.ts';

/** Seconds. */
const BEFORE_END = 0.1;

export type TimelineOptions = {
  /** Seconds. */
  startAt: number;
  /** What the server says of it, seconds; NaN while that is not known. */
  knownDuration(): number;
  /** Another speed is wanted: it may need another way. */
  rateChanged(): void;
  tell(type: MediaEventType): void;
};

/** The one timeline of an Asset, whichever way it comes: by the source's clock, or by the `<video>`. */
export class StoredTimeline implements Timeline {
  readonly #video: HTMLVideoElement;
  readonly #options: TimelineOptions;
  #source: StoredSource | null = null;
  /** Where to begin, seconds; null once that is the source's, or the `<video>`'s, to know. */
  #wanted: number | null;
  /** Where the source was told to begin. */
  #openedAt = 0;
  #rate: number;
  #toldDuration = Number.NaN;

  constructor(video: HTMLVideoElement, options: TimelineOptions) {
    this.#video = video;
    this.#options = options;
    this.#wanted = options.startAt;
    this.#rate = video.playbackRate;
  }

  get duration(): number {
    const measured = this.#clock?.duration ?? this.#video.duration;
    return this.#wanted === null && Number.isFinite(measured)
      ? measured
      : this.#options.knownDuration();
  }
  get currentTime(): number {
    return this.#wanted ?? this.#clock?.currentTime ?? this.#video.currentTime;
  }
  set currentTime(seconds: number) {
    this.#seek(seconds, false);
  }
  get playbackRate(): number {
    return this.#rate;
  }
  set playbackRate(rate: number) {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#options.rateChanged();
    this.#options.tell('ratechange');
  }
  get seeking(): boolean {
    if (this.#wanted !== null) return false;
    return this.#clock?.seeking ?? this.#video.seeking;
  }
  get ended(): boolean {
    return this.#wanted === null && (this.#clock?.ended ?? this.#video.ended);
  }
  get readyState(): number {
    if (this.#clock === null || this.#wanted !== null) return this.#video.readyState;
    return this.#clock.seeking
      ? HTMLMediaElement.HAVE_METADATA
      : Math.max(this.#video.readyState, HTMLMediaElement.HAVE_METADATA);
  }
  get buffered(): TimeRanges {
    return this.videoKeepsTime ? this.#video.buffered : timeRanges([]);
  }
  get seekable(): TimeRanges {
    const { duration } = this;
    return timeRanges(Number.isFinite(duration) ? [{ start: 0, end: duration }] : []);
  }
  get videoKeepsTime(): boolean {
    return this.#source !== null && this.#clock === null && this.#wanted === null;
  }

  scrub(seconds: number): void {
    this.#seek(seconds, true);
  }

  step(frames: number): void {
    if (this.#clock !== null && this.#wanted === null) {
      this.#wake();
      this.#clock.step(frames);
      return;
    }
    this.currentTime = steppedTime(frames, this, this.#source?.framesPerSecond);
  }

  /** The source that it goes by from now on. One with a clock was opened where this is; to it goes what came since. */
  follow(source: StoredSource): void {
    this.#source = source;
    if (source.clock === null) return;
    const { currentTime } = this;
    this.#wanted = null;
    if (currentTime !== this.#openedAt) source.clock.seek(currentTime);
    this.durationMayHaveChanged();
  }

  /** A source is being opened. @returns where it is to begin */
  opens(): number {
    this.#openedAt = this.currentTime;
    return this.#openedAt;
  }

  /** Stays where it is until there is another source. */
  hold(): void {
    this.#wanted = this.currentTime;
    this.#source = null;
  }

  /** The `<video>` has got media, whose time may be the Asset's. */
  loaded(): void {
    // hls.js would be stuck if it were sent elsewhere before it has begun where it was opened.
    if (this.#wanted === this.#openedAt) this.#goToWanted();
    this.durationMayHaveChanged();
  }

  /** And has something to show of it. */
  canPlay(): void {
    if (this.#wanted !== null) this.#goToWanted();
  }

  /** To the source, or to the `<video>`: whichever keeps the time. */
  applyRate(): void {
    const ofVideo = this.#clock === null ? this.#rate : 1;
    // The default too: the rate is set back to it by every change of the source.
    this.#video.defaultPlaybackRate = ofVideo;
    this.#video.playbackRate = ofVideo;
    if (this.#clock !== null) this.#clock.playbackRate = this.#rate;
  }

  durationMayHaveChanged(): void {
    const { duration } = this;
    if (Object.is(duration, this.#toldDuration)) return;
    this.#toldDuration = duration;
    this.#options.tell('durationchange');
    this.#options.tell('seekablechange');
  }

  get #clock(): SourceClock | null {
    return this.#source?.clock ?? null;
  }

  #goToWanted(): void {
    // A stream's time is its own.
    if (this.#video.srcObject !== null || this.#clock !== null) return;
    // At the very end nothing would be loaded, and so it would not be known that it is the end.
    const { duration } = this.#video;
    const most = Number.isFinite(duration) ? Math.max(0, duration - BEFORE_END) : Infinity;
    if (this.#wanted !== null && this.#wanted > 0)
      this.#video.currentTime = Math.min(this.#wanted, most);
    this.#wanted = null;
    this.durationMayHaveChanged();
  }

  #seek(seconds: number, scrub: boolean): void {
    const { duration } = this;
    const target = Math.max(0, Number.isFinite(duration) ? Math.min(duration, seconds) : seconds);
    if (this.#wanted !== null) {
      this.#wanted = target;
      this.#options.tell('timeupdate');
    } else if (this.#clock === null) this.#video.currentTime = target;
    else {
      this.#wake();
      this.#clock.seek(target, scrub ? { scrub } : {});
    }
  }

  /** A `<video>` that the browser paused shows no picture of a stream that comes then. */
  #wake(): void {
    if (!this.#video.paused) return;
    this.#video.play().catch((error: unknown) => console.debug('sfumato: not shown', error));
  }
}
