import { networkOfBrowser } from '../device/network.ts';
import { isTimeToLook, nextLookMs } from './way-pace.ts';

/** How long WebRTC may take to get through, milliseconds. */
const LOOK_MS = 3_000;

export type WayBackOptions = {
  video: HTMLVideoElement;
  /** @throws where WebRTC does not get through, or the signal gives up */
  probe(signal: AbortSignal): Promise<void>;
  /** It does, and this is a moment to go over to it. */
  onThrough(): void;
};

/** While HLS plays: looks now and then whether WebRTC gets through by now, best when nobody notices. */
export class WayBack {
  readonly #options: WayBackOptions;
  readonly #end = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking = false;
  /** Is it to be looked once more when this look has ended? */
  #again = false;
  #lookedAtMs: number | null = null;
  #failures = 0;

  constructor(options: WayBackOptions) {
    this.#options = options;
    const { signal } = this.#end;
    const moment = () => this.#moment();
    for (const type of ['pause', 'seeking'] as const) {
      options.video.addEventListener(type, moment, { signal });
    }
    const another = () => this.#networkChanged();
    window.addEventListener('online', another, { signal });
    networkOfBrowser()?.addEventListener('change', another, { signal });
    this.#plan();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#end.abort();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), nextLookMs(this.#failures));
  }

  #moment(): void {
    const sinceMs = this.#lookedAtMs === null ? null : performance.now() - this.#lookedAtMs;
    // Every film ends with a pause.
    if (this.#options.video.ended || !isTimeToLook(sinceMs, this.#failures)) return;
    void this.#look();
  }

  /** What failed before says nothing of this one. */
  #networkChanged(): void {
    this.#failures = 0;
    this.#lookedAtMs = null;
    this.#again = this.#looking;
    void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const { signal } = this.#end;
    try {
      await this.#options.probe(AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]));
      await settled(this.#options.video, signal);
      if (!signal.aborted) this.#options.onThrough();
    } catch (error) {
      if (signal.aborted) return;
      console.debug('sfumato: WebRTC does not get through', error);
      this.#failures += 1;
      this.#plan();
    } finally {
      this.#looking = false;
      this.#lookedAtMs = performance.now();
      if (this.#again && !signal.aborted) void this.#look();
      this.#again = false;
    }
  }
}

/** Waits while it seeks: the picture that stands then is the wanted one. */
async function settled(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  while (video.seeking && !signal.aborted) {
    await new Promise((resolve) => {
      video.addEventListener('seeked', resolve, { once: true, signal });
      signal.addEventListener('abort', resolve, { once: true });
    });
  }
}
