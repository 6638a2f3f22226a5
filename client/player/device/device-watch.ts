import type { Box, DeviceFacts } from './device-report.ts';
import { networkOfBrowser, readNetwork } from './network.ts';

/** What can be seen of the device from one media element. */
export type WatchedFacts = Omit<DeviceFacts, 'decoding' | 'strain'>;

/** Watches one `<video>`, its page and its network, and tells when anything about them changes. */
export class DeviceWatch {
  readonly #video: HTMLVideoElement;
  readonly #onChange: () => void;
  readonly #undo = new AbortController();
  readonly #size: ResizeObserver;
  readonly #sight: IntersectionObserver;
  #inViewport: boolean | null = null;
  #pictureInPicture: PictureInPictureWindow | null = null;

  constructor(video: HTMLVideoElement, onChange: () => void) {
    this.#video = video;
    this.#onChange = onChange;
    // Full screen is a size too.
    this.#size = new ResizeObserver(onChange);
    this.#size.observe(video);
    this.#sight = new IntersectionObserver((entries) => this.#seen(entries));
    this.#sight.observe(video);
    this.#listen();
    this.#watchPixelRatio();
  }

  /** Null until the browser has said whether the element is in the viewport. */
  get facts(): WatchedFacts | null {
    if (this.#inViewport === null) return null;
    const { clientWidth, clientHeight, muted, volume } = this.#video;
    return {
      element: { width: clientWidth, height: clientHeight },
      pictureInPicture: boxOf(this.#pictureInPicture),
      pixelRatio: devicePixelRatio,
      pageShown: document.visibilityState === 'visible',
      inViewport: this.#inViewport,
      audible: !muted && volume > 0,
      network: readNetwork(networkOfBrowser()),
    };
  }

  close(): void {
    this.#undo.abort();
    this.#size.disconnect();
    this.#sight.disconnect();
  }

  #listen(): void {
    const { signal } = this.#undo;
    const onChange = () => this.#onChange();
    document.addEventListener('visibilitychange', onChange, { signal });
    this.#video.addEventListener('volumechange', onChange, { signal });
    networkOfBrowser()?.addEventListener('change', onChange, { signal });
    this.#video.addEventListener(
      'enterpictureinpicture',
      (event) => this.#enterPictureInPicture(event.pictureInPictureWindow),
      { signal },
    );
    this.#video.addEventListener('leavepictureinpicture', () => this.#leavePictureInPicture(), {
      signal,
    });
  }

  #enterPictureInPicture(pictureInPicture: PictureInPictureWindow): void {
    this.#pictureInPicture = pictureInPicture;
    const { signal } = this.#undo;
    pictureInPicture.addEventListener('resize', () => this.#onChange(), { signal });
    this.#onChange();
  }

  #leavePictureInPicture(): void {
    this.#pictureInPicture = null;
    this.#onChange();
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    this.#inViewport = entries.at(-1)?.isIntersecting ?? this.#inViewport;
    this.#onChange();
  }

  /** The query is true of the present ratio only: another one for the next (CSSOM View section 4.2). */
  #watchPixelRatio(): void {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        this.#watchPixelRatio();
        this.#onChange();
      },
      { signal: this.#undo.signal, once: true },
    );
  }
}

function boxOf(pictureInPicture: PictureInPictureWindow | null): Box | null {
  if (pictureInPicture === null) return null;
  return { width: pictureInPicture.width, height: pictureInPicture.height };
}
