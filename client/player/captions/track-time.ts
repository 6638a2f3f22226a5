import { activeAt } from './active-cues.ts';
import type { Timeline } from '../playback.ts';

type Time = Pick<Timeline, 'currentTime' | 'videoKeepsTime'>;

/** A track's cues; none while it is not loaded, or disabled. */
export function cuesOf({ cues }: TextTrack): TextTrackCue[] {
  return [...(cues ?? [])];
}

/**
 * Has text tracks tell their `activeCues`, and `cuechange`, by the Asset's own time: while the `<video>` carries a stream,
 * its own time, by which the browser goes, is another.
 */
export class TrackTime {
  readonly #time: Time;
  readonly #end = new AbortController();
  readonly #active = new Map<TextTrack, TextTrackCue[]>();

  constructor(time: Time) {
    this.#time = time;
  }

  adopt(track: TextTrack): void {
    if (this.#active.has(track)) return;
    this.#active.set(track, []);
    const now = () => this.#now(track);
    Object.defineProperty(track, 'activeCues', { configurable: true, get: () => listOf(now()) });
    const { signal } = this.#end;
    track.addEventListener('cuechange', (event) => this.#judge(event), { signal, capture: true });
  }

  /** Time went on, or somewhere else. */
  march(): void {
    for (const [track, before] of this.#active) {
      const active = this.#now(track);
      if (sameCues(active, before)) continue;
      this.#active.set(track, active);
      if (!this.#time.videoKeepsTime) track.dispatchEvent(new Event('cuechange'));
    }
  }

  close(): void {
    this.#end.abort();
    for (const track of this.#active.keys()) Reflect.deleteProperty(track, 'activeCues');
    this.#active.clear();
  }

  #now(track: TextTrack): TextTrackCue[] {
    return track.mode === 'disabled' ? [] : activeAt(cuesOf(track), this.#time.currentTime);
  }

  /** The browser's own is of its own time. */
  #judge(event: Event): void {
    if (event.isTrusted && !this.#time.videoKeepsTime) event.stopImmediatePropagation();
  }
}

export function sameCues(some: readonly TextTrackCue[], others: readonly TextTrackCue[]): boolean {
  return some.length === others.length && some.every((cue, index) => cue === others[index]);
}

/** As a TextTrackCueList. */
function listOf(cues: TextTrackCue[]) {
  const getCueById = (id: string) => cues.find((cue) => cue.id === id) ?? null;
  return Object.assign(cues, { getCueById });
}
