/** A picture that was presented. */
export type Presented = {
  /** Of its RTP packets; undefined where the browser does not tell. */
  rtpTimestamp: number | undefined;
  /** By `performance.now()`: when it is on the screen, as far as the browser knows. */
  atMs: number;
  /** When its last packet came; undefined where the browser does not tell. */
  receivedMs: number | undefined;
};

/** A page that nobody sees presents nothing; what comes is looked at so often then. */
const LOOK_MS = 250;

/**
 * Tells which pictures a `<video>` presents (https://wicg.github.io/video-rvfc/). Where the browser has nothing of the
 * kind, and in a page that is hidden, what was handed to the `<video>` last.
 */
export class PictureWatch {
  readonly #video: HTMLVideoElement;
  readonly #onPicture: (picture: Presented) => void;
  /** The RTP timestamp of what was handed over last. */
  readonly #handedOver: () => number | undefined;
  readonly #interval: ReturnType<typeof setInterval>;
  #closed = false;

  constructor(
    video: HTMLVideoElement,
    handedOver: () => number | undefined,
    onPicture: (picture: Presented) => void,
  ) {
    this.#video = video;
    this.#handedOver = handedOver;
    this.#onPicture = onPicture;
    if (this.#tells) video.requestVideoFrameCallback(this.#presented);
    this.#interval = setInterval(() => this.#look(), LOOK_MS);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#interval);
  }

  get #tells(): boolean {
    return 'requestVideoFrameCallback' in this.#video;
  }

  readonly #presented = (_nowMs: number, metadata: VideoFrameCallbackMetadata) => {
    if (this.#closed) return;
    this.#video.requestVideoFrameCallback(this.#presented);
    this.#onPicture({
      rtpTimestamp: metadata.rtpTimestamp ?? this.#handedOver(),
      atMs: metadata.expectedDisplayTime,
      receivedMs: metadata.receiveTime,
    });
  };

  #look(): void {
    if (this.#tells && document.visibilityState === 'visible') return;
    if (this.#video.videoWidth === 0) return;
    const atMs = performance.now();
    this.#onPicture({ rtpTimestamp: this.#handedOver(), atMs, receivedMs: undefined });
  }
}
