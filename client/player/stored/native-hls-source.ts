import { withToken } from '../access/pass.ts';
import type { StoredSource, StoredSourceOptions } from './stored-source.ts';

/** HLS as the browser plays it itself: it chooses the Rendition, and tells nothing of it. */
export class NativeHlsSource implements StoredSource {
  readonly via = 'nativeHls';
  readonly clock = null;
  readonly renditions = [];
  readonly rendition = null;
  readonly bandwidth = null;
  readonly #options: StoredSourceOptions;
  readonly #end = new AbortController();

  constructor(options: StoredSourceOptions) {
    this.#options = options;
    const { signal } = this.#end;
    const { video } = options;
    video.addEventListener('error', () => this.#failed(), { signal });
    video.addEventListener('playing', () => options.onLost(false), { signal });
    this.#load(options.startAt);
  }

  prefer(): void {
    // Nothing to do: there is no way to say it.
  }

  retry(): void {
    if (this.#options.video.error !== null) this.#load(this.#options.video.currentTime);
  }

  close(): void {
    this.#end.abort();
    this.#options.video.removeAttribute('src');
    this.#options.video.load();
  }

  #load(startAt: number): void {
    const { video, url } = this.#options;
    video.src = withToken(url);
    video.addEventListener('loadedmetadata', () => (video.currentTime = startAt), {
      once: true,
      signal: this.#end.signal,
    });
  }

  #failed(): void {
    const { error } = this.#options.video;
    if (error?.code === MediaError.MEDIA_ERR_DECODE) this.#options.onBroken(error.message);
    else this.#options.onLost(true);
    this.#options.onRefused();
  }
}
