/** Few enough to follow a change, many enough that a late picture says nothing. */
const SAMPLES = 15;

/**
 * How far the picture that a `<video>` shows is behind what it says of its time: browsers may decode and draw some
 * hundredths of a second behind their own clock, and a stream that is shown as it comes does not wait for that.
 */
export class PictureLag {
  readonly #video: HTMLVideoElement;
  #handle: number | null = null;
  #samples: number[] = [];

  constructor(video: HTMLVideoElement) {
    this.#video = video;
    // Older browsers do not say when they show what.
    if ('requestVideoFrameCallback' in video) this.#next();
  }

  /** Seconds; 0 while nothing is known. */
  get seconds(): number {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }

  /** Idempotent. */
  close(): void {
    if (this.#handle !== null) this.#video.cancelVideoFrameCallback(this.#handle);
    this.#handle = null;
  }

  #next(): void {
    this.#handle = this.#video.requestVideoFrameCallback((nowMs, frame) => {
      this.#look(nowMs, frame);
      this.#next();
    });
  }

  #look(nowMs: number, { mediaTime, presentationTime }: VideoFrameCallbackMetadata): void {
    const { paused, seeking, srcObject, currentTime, playbackRate } = this.#video;
    if (paused || seeking || srcObject !== null) {
      this.#samples = [];
      return;
    }
    const shown = mediaTime + (Math.max(0, nowMs - presentationTime) / 1000) * playbackRate;
    this.#samples = [...this.#samples.slice(1 - SAMPLES), currentTime - shown];
  }
}
