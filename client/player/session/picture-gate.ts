import { FreezeFrame } from '../receiving/freeze-frame.ts';
import type { EarlyPictures } from './early-pictures.ts';
import { ticksBetween } from './playhead.ts';

type Frame = Pick<FreezeFrame, 'hold' | 'draw' | 'cover' | 'release' | 'remove'>;

/**
 * Decides what of the `<video>` a person sees: while it is closed, the picture that stood there when it closed, whatever
 * comes in the `<video>` below. A picture that the `<video>` does not have yet is drawn in its place.
 */
export class PictureGate {
  readonly #video: HTMLVideoElement;
  readonly #early: Pick<EarlyPictures, 'newest' | 'newestTimestamp'>;
  readonly #frame: Frame;
  #open = false;
  /** RTP timestamp of what was drawn before the `<video>` had it; null once it has. */
  #ahead: number | null = null;
  /** It opens as soon as the `<video>` has what was drawn. */
  #opensThen = false;

  /** Closed at first: over what the `<video>` shows there is its poster, or nothing but black. */
  constructor(
    video: HTMLVideoElement,
    early: Pick<EarlyPictures, 'newest' | 'newestTimestamp'>,
    frame: Frame = new FreezeFrame(video, { keepsPixels: true }),
  ) {
    this.#video = video;
    this.#early = early;
    this.#frame = frame;
    this.#frame.cover(video.poster);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Keeps what is seen now. */
  close(): void {
    this.#opensThen = false;
    if (!this.#open) return;
    this.#open = false;
    this.#frame.hold();
  }

  /** Shows the newest picture, and goes on showing that. */
  show(): void {
    this.#open = this.#opensThen = false;
    if (!this.#drawEarly() && this.#ahead === null) this.#frame.hold();
  }

  /** Shows the newest picture and those that follow. */
  open(): void {
    this.#drawEarly();
    if (this.#ahead === null) this.#release();
    else this.#opensThen = true;
  }

  /** The `<video>` has this picture now. */
  presented(rtpTimestamp: number | undefined): void {
    if (this.#ahead === null || rtpTimestamp === undefined) return;
    if (ticksBetween(this.#ahead, rtpTimestamp) < 0) return;
    this.#ahead = null;
    if (this.#opensThen) this.#release();
  }

  /** The pictures of another Session come from now on, whose timestamps have nothing to do with those before. */
  begin(): void {
    this.#ahead = null;
    this.close();
  }

  remove(): void {
    this.#frame.remove();
  }

  /** Is there a picture in the `<video>`? */
  get hasPicture(): boolean {
    return this.#video.videoWidth > 0;
  }

  #drawEarly(): boolean {
    const { newest, newestTimestamp } = this.#early;
    if (newest === null || newestTimestamp === undefined) return false;
    this.#frame.draw(newest);
    this.#ahead = newestTimestamp;
    return true;
  }

  #release(): void {
    this.#opensThen = false;
    this.#open = true;
    this.#frame.release();
  }
}
