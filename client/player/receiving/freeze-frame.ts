/**
 * Keeps the last picture on the screen while its source is replaced: drawn on a canvas over the video,
 * taken away when the next picture is there.
 */
export class FreezeFrame {
  readonly #video: HTMLVideoElement;
  readonly #canvas = document.createElement('canvas');
  readonly #keepsPixels: boolean;

  /** @param keepsPixels for one that is used often: making room for a picture takes as long as drawing it */
  constructor(video: HTMLVideoElement, { keepsPixels = false } = {}) {
    this.#video = video;
    this.#keepsPixels = keepsPixels;
    this.#canvas.part.add('freeze-frame');
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#canvas.hidden = true;
    video.after(this.#canvas);
  }

  /** Does nothing where no picture is there to keep. */
  hold(): void {
    const { videoWidth, videoHeight, readyState } = this.#video;
    if (videoWidth === 0 || readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    this.#paint(this.#video, videoWidth, videoHeight);
  }

  /** A picture that is not in the video yet. */
  draw(picture: VideoFrame): void {
    this.#paint(picture, picture.displayWidth, picture.displayHeight);
  }

  /** Before there is a picture: a still, or black. @param still its address, empty for none */
  cover(still: string): void {
    const image = still === '' ? '' : ` center / contain no-repeat url(${JSON.stringify(still)})`;
    this.#canvas.style.background = `#000${image}`;
    this.#canvas.hidden = false;
  }

  release(): void {
    this.#canvas.hidden = true;
    if (!this.#keepsPixels) this.#canvas.width = 0;
  }

  remove(): void {
    this.#canvas.remove();
  }

  #paint(picture: HTMLVideoElement | VideoFrame, width: number, height: number): void {
    const canvas = this.#canvas;
    canvas.style.background = '';
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    canvas.getContext('2d', { alpha: false })?.drawImage(picture, 0, 0);
    canvas.hidden = false;
  }
}
