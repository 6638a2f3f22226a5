/** What is known of the pictures that a video element presented. */
export type FrameWatchEvents = {
  /** The first picture of the source that was watched last. */
  firstFrame: (atMs: number) => void;
};

/** Counts presented pictures by `requestVideoFrameCallback`, or by `timeupdate` where there is none. */
export class FrameWatch {
  readonly #video: HTMLVideoElement;
  readonly #events: FrameWatchEvents;
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
  /** What the browser said about the last one. */
  get last(): VideoFrameCallbackMetadata | null {
    return this.#last;
  }

  /** Begins with a new source. */
  start(): void {
    this.stop();
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
      if (first) this.#events.firstFrame(nowMs);
      first = false;
      this.#video.requestVideoFrameCallback(onFrame);
    };
    this.#video.requestVideoFrameCallback(onFrame);
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
