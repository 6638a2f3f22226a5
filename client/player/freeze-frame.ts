/**
 * Keeps the last picture on the screen while its source is replaced: drawn on a canvas over the video,
 * taken away when the next picture is there.
 */
export class FreezeFrame {
  readonly #video: HTMLVideoElement;
  readonly #canvas = document.createElement('canvas');

  constructor(video: HTMLVideoElement) {
    this.#video = video;
    this.#canvas.part.add('freeze-frame');
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#canvas.hidden = true;
    video.after(this.#canvas);
  }

  /** Does nothing where no picture is there to keep. */
  hold(): void {
    const { videoWidth, videoHeight, readyState } = this.#video;
    if (videoWidth === 0 || readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    this.#canvas.width = videoWidth;
    this.#canvas.height = videoHeight;
    this.#canvas.getContext('2d')?.drawImage(this.#video, 0, 0);
    this.#canvas.hidden = false;
  }

  release(): void {
    this.#canvas.hidden = true;
    // Gives the pixels back.
    this.#canvas.width = 0;
  }

  remove(): void {
    this.#canvas.remove();
  }
}
