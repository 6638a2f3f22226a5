import { DelayTrend, SILENCE_MS } from './delay-trend.ts';

/** What is known of the pictures that a video element presented. */
export type FrameWatchEvents = {
  /** The first picture of the source that was watched last. */
  firstFrame: (atMs: number) => void;
  /** Pictures come later and later, by now so many milliseconds: less gets through than is sent. */
  linkOverrun: (lateMs: number) => void;
};

/** So much of a film without a word of a picture: the browser says none. */
const SILENT_SECONDS = 1;
/** A timer that is so much too late was held up by other work of the page. */
const HELD_UP_MS = 50;

/** Counts presented pictures by `requestVideoFrameCallback`, or by `timeupdate` where there is none. */
export class FrameWatch {
  readonly #video: HTMLVideoElement;
  readonly #events: FrameWatchEvents;
  readonly #trend = new DelayTrend();
  #watch = new AbortController();
  #silence: ReturnType<typeof setTimeout> | undefined;
  #presented = 0;
  #last: VideoFrameCallbackMetadata | null = null;

  constructor(video: HTMLVideoElement, events: FrameWatchEvents) {
    this.#video = video;
    this.#events = events;
  }

  /** Pictures presented of all sources so far. */
  get presented(): number {
    return this.#presented;
  }
  /** The last one: when, milliseconds since the Unix epoch, and which. */
  get shown(): { atMs: number; rtpTimestamp: number | undefined } | null {
    if (this.#last === null) return null;
    const { presentationTime, rtpTimestamp } = this.#last;
    return { atMs: performance.timeOrigin + presentationTime, rtpTimestamp };
  }
  /** Milliseconds from the arrival of the last one's last packet to its being shown. */
  get sinceReceivedMs(): number | null {
    if (this.#last?.receiveTime === undefined) return null;
    return Math.max(0, this.#last.presentationTime - this.#last.receiveTime);
  }

  /** Begins with a new source. */
  start(): void {
    this.stop();
    this.#trend.reset();
    this.#watch = new AbortController();
    const { signal } = this.#watch;
    if (!('requestVideoFrameCallback' in this.#video)) return this.#awaitProgress(signal);
    const silent = new AbortController();
    this.#countFrames(signal, () => silent.abort());
    this.#awaitSilence(AbortSignal.any([signal, silent.signal]));
  }

  stop(): void {
    this.#watch.abort();
    clearTimeout(this.#silence);
    this.#last = null;
  }

  #countFrames(signal: AbortSignal, onFirst: () => void): void {
    let first = true;
    const onFrame = (nowMs: number, metadata: VideoFrameCallbackMetadata) => {
      if (signal.aborted) return;
      if (first) onFirst();
      this.#presented += 1;
      this.#last = metadata;
      this.#followDelay(metadata);
      if (first) this.#events.firstFrame(nowMs);
      first = false;
      this.#video.requestVideoFrameCallback(onFrame);
    };
    this.#video.requestVideoFrameCallback(onFrame);
  }

  #followDelay({ receiveTime, rtpTimestamp }: VideoFrameCallbackMetadata): void {
    if (receiveTime === undefined || rtpTimestamp === undefined) return;
    this.#tellLate(this.#trend.add({ receivedMs: receiveTime, rtpTimestamp }));
    this.#expectFrame();
  }

  #expectFrame(looks = 3): void {
    clearTimeout(this.#silence);
    if (looks === 0) return;
    const dueMs = performance.now() + SILENCE_MS;
    this.#silence = setTimeout(() => this.#lookForFrame(dueMs, looks), SILENCE_MS);
  }

  /** A page that is hidden, or has much to do, hears of no pictures that have come. */
  #lookForFrame(dueMs: number, looks: number): void {
    const nowMs = performance.now();
    if (document.hidden || this.#video.paused || nowMs - dueMs > HELD_UP_MS) return;
    this.#tellLate(this.#trend.silence(nowMs));
    this.#expectFrame(looks - 1);
  }

  #tellLate(lateMs: number | null): void {
    if (lateMs !== null) this.#events.linkOverrun(lateMs);
  }

  /** WebKit has the callback and never calls it where it composes no layers: what plays on and on is presented. */
  #awaitSilence(signal: AbortSignal): void {
    let begunAt: number | null = null;
    const onProgress = () => {
      const { currentTime, seeking, srcObject } = this.#video;
      if (document.hidden || seeking || srcObject !== null) begunAt = null;
      else begunAt ??= currentTime;
      if (begunAt === null || currentTime - begunAt < SILENT_SECONDS) return;
      this.#video.removeEventListener('timeupdate', onProgress);
      this.#awaitProgress(signal);
    };
    this.#video.addEventListener('timeupdate', onProgress, { signal });
  }

  #awaitProgress(signal: AbortSignal): void {
    let first = true;
    const onProgress = () => {
      if (this.#video.videoWidth === 0) return;
      this.#presented += 1;
      if (first) this.#events.firstFrame(performance.now());
      first = false;
    };
    this.#video.addEventListener('timeupdate', onProgress, { signal });
  }
}
