import { CustomVideoElement } from 'custom-media-element';
import { MediaTracksMixin } from 'media-tracks';
import type { Timeline } from '../playback.ts';

/** A media element whose time is a timeline's where there is one, and its `<video>`'s otherwise. */
export class TimedVideo extends MediaTracksMixin(CustomVideoElement) {
  /** Null where what the `<video>` says of its time is all that there is to say. */
  protected get timeline(): Timeline | null {
    return null;
  }
  override get ended(): boolean {
    return this.timeline?.ended ?? false;
  }
  override get duration(): number {
    return this.#time.duration;
  }
  override get seeking(): boolean {
    return this.#time.seeking;
  }
  override get readyState(): number {
    return this.#time.readyState;
  }
  override get buffered(): TimeRanges {
    return this.#time.buffered;
  }
  override get seekable(): TimeRanges {
    return this.#time.seekable;
  }

  get #time(): Omit<Timeline, 'videoKeepsTime' | 'scrub' | 'step'> {
    return this.timeline ?? this.nativeEl;
  }
}
