/** Darker than a dark room looks to a camera; of 255. */
const BLACK = 20;
const SAMPLES = { width: 32, height: 18 };
/** A cut to black, or a camera that is starting, is no fault. */
const PATIENCE_MS = 4_000;

/** Is there nothing brighter than black? @param rgba as canvases give it; nothing at all is not black */
export function isBlack(rgba: ArrayLike<number>): boolean {
  for (let at = 0; at + 2 < rgba.length; at += 4) {
    const brightest = Math.max(rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0);
    if (brightest > BLACK) return false;
  }
  return rgba.length > 0;
}

/** Looks at the preview now and then: the page sees a black picture before the server can. */
export class OwnPicture {
  readonly #context: CanvasRenderingContext2D | null;
  #blackSinceMs: number | null = null;

  constructor() {
    const canvas = Object.assign(document.createElement('canvas'), SAMPLES);
    this.#context = canvas.getContext('2d', { willReadFrequently: true });
  }

  /** @returns whether it has been black for some time */
  look(video: HTMLVideoElement | null): boolean {
    const nowMs = performance.now();
    if (!this.#seesBlack(video)) this.#blackSinceMs = null;
    else this.#blackSinceMs ??= nowMs;
    return this.#blackSinceMs !== null && nowMs - this.#blackSinceMs >= PATIENCE_MS;
  }

  #seesBlack(video: HTMLVideoElement | null): boolean {
    const context = this.#context;
    if (context === null || video === null || video.hidden || video.videoWidth === 0) return false;
    const { width, height } = SAMPLES;
    context.drawImage(video, 0, 0, width, height);
    return isBlack(context.getImageData(0, 0, width, height).data);
  }
}
