import { DelayTrend } from './delay-trend.ts';

/** What is known of the pictures that a video element presented. */
export type FrameWatchEvents = {
  /** The first picture of the source that was watched last. */
  firstFrame: (atMs: number) => void;
  /** Pictures come later and later, by now so many milliseconds: less gets through than is sent. */
  linkOverrun: (lateMs: number) => void;
};

/** Counts presented pictures by `requestVideoFrameCallback`, or by `timeupdate` where there is none. */
export class FrameWatch {
  readonly #video: HTMLVideoElement;
  readonly #events: FrameWatchEvents;
  readonly #trend = new DelayTrend();
  #watch = new AbortController();
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
    if ('requestVideoFrameCallback' in this.#video) this.#countFrames(this.#watch.signal);
    else this.#awaitProgress(this.#watch.signal);
  }

  stop(): void {
    this.#watch.abort();
    this.#last = null;
  }

  #countFrames(signal: AbortSignal): void {
    let first = true;
    const onFrame = (nowMs: number, metadata: VideoFrameCallbackMetadata) => {
      if (signal.aborted) return;
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
    const lateMs = this.#trend.add({ receivedMs: receiveTime, rtpTimestamp });
    if (lateMs !== null) this.#events.linkOverrun(lateMs);
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
