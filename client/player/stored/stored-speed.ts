import { wayForSpeed } from './speed-way.ts';
import type { StoredSource } from './stored-source.ts';
import { hlsCanBe } from '../ways/stored-ways.ts';

/** Which way the person's speed asks for, and whether that is why it comes as it does. */
export class StoredSpeed {
  readonly #video: HTMLVideoElement;
  #leftWebrtc = false;
  #hlsFailed = false;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  /** Is it away from WebRTC because of its speed? */
  get leftWebrtc(): boolean {
    return this.#leftWebrtc;
  }

  /** @returns true where it is to be opened anew, another way */
  asksForAnotherWay(rate: number, source: StoredSource | null): boolean {
    const choice = wayForSpeed({
      rate,
      audible: !this.#video.muted && this.#video.volume > 0,
      hasSound: source?.hasSound ?? true,
      via: source?.via ?? null,
      leftForSpeed: this.#leftWebrtc,
      hlsCanBe: !this.#hlsFailed && hlsCanBe(this.#video),
    });
    if (choice === 'stay') return false;
    this.#leftWebrtc = choice === 'toHls';
    return true;
  }

  /** HLS cannot be. @returns true where it was tried for the speed's sake: then it goes back, and plays without sound */
  hlsFailed(): boolean {
    if (!this.#leftWebrtc) return false;
    this.#leftWebrtc = false;
    this.#hlsFailed = true;
    return true;
  }
}
