import type { ClockEvent, SourceClock } from './stored-source.ts';

/** A shorter wait is not worth a word. */
const TOLD_MS = 400;

const STOPS: ReadonlySet<string> = new Set(['waiting', 'seeking', 'stalled']);
const GOES_ON: ReadonlySet<string> = new Set(['playing', 'canplay', 'seeked', 'timeupdate']);

export type WaitingFacts = {
  paused: boolean;
  /** Null where the `<video>` keeps the time. */
  clock: Pick<SourceClock, 'seeking' | 'currentTime'> | null;
};

/** Should it go on and cannot, for want of media, and has for a while? */
export class StoredWaiting {
  readonly #video: HTMLVideoElement;
  readonly #facts: () => WaitingFacts;
  readonly #changed: () => void;
  readonly #end = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting = false;
  /** Did the clock say so last? */
  #clockWaits = false;
  /** What the clock showed when it told its time last. */
  #clockTime = Number.NaN;

  constructor(video: HTMLVideoElement, facts: () => WaitingFacts, changed: () => void) {
    this.#video = video;
    this.#facts = facts;
    this.#changed = changed;
    const { signal } = this.#end;
    for (const type of ['waiting', 'seeking', 'stalled', 'playing', 'canplay', 'seeked'] as const)
      video.addEventListener(type, () => this.#heardVideo(type), { signal });
  }

  get waiting(): boolean {
    return this.#waiting;
  }

  heardClock(type: ClockEvent): void {
    // A clock tells its time also while it stands.
    if (type === 'timeupdate' && !this.#clockMoved()) return;
    if (STOPS.has(type)) this.#clockWaits = true;
    if (GOES_ON.has(type)) this.#clockWaits = false;
    this.#heard(type);
  }

  /** Something that was asked for does not come. */
  mayWait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#waiting = this.#isShort();
      this.#changed();
    }, TOLD_MS);
  }

  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
  }

  #clockMoved(): boolean {
    const { currentTime = Number.NaN } = this.#facts().clock ?? {};
    const moved = currentTime !== this.#clockTime;
    this.#clockTime = currentTime;
    return moved;
  }

  #heardVideo(type: string): void {
    if (this.#facts().clock === null) this.#heard(type);
  }

  #heard(type: string): void {
    if (STOPS.has(type)) this.mayWait();
    else if (GOES_ON.has(type)) this.#goesOn();
  }

  #isShort(): boolean {
    const { paused, clock } = this.#facts();
    if (clock !== null) return this.#clockWaits && (clock.seeking || !paused);
    const { seeking, readyState, ended } = this.#video;
    return readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !ended && (seeking || !paused);
  }

  #goesOn(): void {
    clearTimeout(this.#timer);
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#changed();
  }
}
