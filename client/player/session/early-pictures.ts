import type { Presented } from './picture-watch.ts';
import { ticksBetween } from './playhead.ts';

/** With what https://www.w3.org/TR/webcodecs-video-frame-metadata-registry/ says of a picture that was received. */
type ReceivedFrame = VideoFrame & { metadata?: () => { rtpTimestamp?: number } };

/**
 * Pictures as they leave the decoder, while one is waited for: a `<video>` shows them with a later frame of the screen, and
 * says so with the one after that. Where the browser has no track processor for pages
 * (https://w3c.github.io/mediacapture-transform/), there are none.
 */
export class EarlyPictures {
  readonly #onPicture: (picture: Presented) => void;
  #track: MediaStreamVideoTrack | null = null;
  #reader: ReadableStreamDefaultReader<VideoFrame> | null = null;
  #newest: ReceivedFrame | null = null;
  /** RTP timestamp of what the `<video>` presented last. */
  #presented: number | undefined;

  constructor(onPicture: (picture: Presented) => void) {
    this.#onPicture = onPicture;
  }

  /** The last one that came since the waiting began. It stays drawable until the next one, or the end of the waiting. */
  get newest(): VideoFrame | null {
    return this.#newest;
  }
  get newestTimestamp(): number | undefined {
    return this.#newest?.metadata?.().rtpTimestamp;
  }

  /**
   * A picture was presented. On a page that has much to do it may be so before it came here.
   *
   * @returns whether a later one has come here already
   */
  compare({ rtpTimestamp }: Pick<Presented, 'rtpTimestamp'>): boolean {
    this.#presented = rtpTimestamp;
    const newest = this.newestTimestamp;
    if (newest === undefined || rtpTimestamp === undefined) return false;
    const ticks = ticksBetween(newest, rtpTimestamp);
    if (ticks > 0) this.#forget();
    return ticks < 0;
  }

  /** From now on they are those of this track. */
  adopt(track: MediaStreamVideoTrack | null): void {
    this.stop();
    this.#presented = undefined;
    this.#track = track;
  }

  /** Idempotent. */
  start(): void {
    if (this.#reader !== null || this.#track === null) return;
    if (!('MediaStreamTrackProcessor' in globalThis)) return;
    const { readable } = new MediaStreamTrackProcessor({ track: this.#track });
    this.#reader = readable.getReader();
    void this.#read(this.#reader);
  }

  /** Idempotent. */
  stop(): void {
    const reader = this.#reader;
    this.#reader = null;
    this.#forget();
    reader?.cancel().catch((error: unknown) => console.debug('sfumato: early pictures', error));
  }

  #isPast(rtpTimestamp: number): boolean {
    return this.#presented !== undefined && ticksBetween(this.#presented, rtpTimestamp) <= 0;
  }

  #forget(): void {
    this.#newest?.close();
    this.#newest = null;
  }

  async #read(reader: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    for (;;) {
      const { value: frame } = await reader.read();
      if (frame === undefined) return;
      if (reader !== this.#reader) frame.close();
      else this.#take(frame);
    }
  }

  #take(frame: ReceivedFrame): void {
    const rtpTimestamp = frame.metadata?.().rtpTimestamp;
    if (rtpTimestamp === undefined || this.#isPast(rtpTimestamp)) return frame.close();
    this.#forget();
    this.#newest = frame;
    this.#onPicture({ rtpTimestamp, atMs: performance.now(), receivedMs: undefined });
  }
}
