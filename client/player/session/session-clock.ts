import type { Playhead, Steering } from '../../../signaling/contract/index.ts';
import type { ClockEvent, SourceClock } from '../stored/stored-source.ts';
import { LineOfTime } from './line-of-time.ts';
import { Orders } from './orders.ts';
import type { PictureGate } from './picture-gate.ts';
import type { Presented } from './picture-watch.ts';
import type { SoundGate } from './sound-gate.ts';

export type SessionClockOptions = {
  gate: Pick<PictureGate, 'close' | 'show' | 'open'>;
  sound: Pick<SoundGate, 'set'>;
  startAt: number;
  paused: boolean;
  playbackRate: number;
  /** Seconds, as far as it is known before the server has said it. */
  duration: number;
  /** Somebody else steers: what is asked for here changes nothing. */
  isFollowing: boolean;
  steer(steering: Steering): Promise<Playhead>;
  /** Is there a Session that can be steered? If not, one is to be opened, and begins where this clock is. */
  hasSession(): boolean;
  wake(): void;
  /** Is no picture sent at present, on purpose? */
  picturesRest(): boolean;
  /** Does nobody see the page? It presents nothing then. */
  isHidden(): boolean;
  onClock(event: ClockEvent): void;
  /** A picture is waited for, to be shown as soon as it can be; or it has come, and they go on. */
  onHaste(haste: boolean): void;
  /** A picture that was wanted has come, or does not come. */
  onOverdue(overdue: boolean): void;
};

/** Times a second at which a media element tells its time, about (HTML section 4.8.11.8). */
const TIME_UPDATE_MS = 250;
/** A drag that is not ended by a seek has ended all the same. */
const DRAG_MS = 1_000;
/** A picture that was on its way to the screen when everything stopped. */
const ON_ITS_WAY_MS = 40;
/** Where a Session begins. */
export type Beginning = { at: number; paused: boolean };

/** What the orders are for that make it seem to stand at their target meanwhile. */
type Seek = { target: number; askedAtMs: number };

/** The time of a Session: what is presented, and what is wanted of it. */
export class SessionClock implements SourceClock {
  readonly #options: SessionClockOptions;
  readonly #orders: Orders;
  readonly #interval: ReturnType<typeof setInterval>;
  #duration: number;
  #framesPerSecond: number | null = null;
  #paused: boolean;
  #rate: number;
  #ended = false;
  readonly #line = new LineOfTime();
  /** The picture that a person sees: its time, and since when. */
  #shown: { position: number; atMs: number };
  #seek: Seek | null;
  /** Pictures counted from the one that was shown when the first of these steps was asked for. */
  #steps: { from: number; frames: number } | null = null;
  #last: Presented | null = null;
  /** What the Session was opened with that has not begun yet, and cannot be steered. */
  #asked: Beginning | null = null;
  #pausedAtMs = Number.NEGATIVE_INFINITY;
  #draggedAtMs: number | null = null;
  #lastSeekMs: number | null = null;
  /** Pictures that were sent before come again. */
  #again = false;
  /** Has a picture of ours been seen at all? */
  #begun = false;

  constructor(options: SessionClockOptions) {
    this.#options = options;
    this.#duration = options.duration;
    this.#paused = options.paused;
    this.#rate = options.playbackRate;
    this.#shown = { position: options.startAt, atMs: performance.now() };
    this.#seek = { target: options.startAt, askedAtMs: performance.now() };
    this.#orders = new Orders((steering) => options.steer(steering), {
      answered: (playhead) => this.#adopt(playhead),
      failed: (error) => console.debug('sfumato: steering', error),
      overdue: (times) => this.#overdue(times),
    });
    this.#interval = setInterval(() => this.#tick(), TIME_UPDATE_MS);
  }

  get duration(): number {
    return this.#duration;
  }
  get framesPerSecond(): number | null {
    return this.#framesPerSecond;
  }
  get currentTime(): number {
    if (this.#seek !== null) return this.#seek.target;
    if (this.#ended) return this.#duration;
    return this.#within(this.#shown.position + this.#unseen());
  }
  get seeking(): boolean {
    return this.#seek !== null;
  }
  get ended(): boolean {
    return this.#ended && this.#seek === null;
  }
  get paused(): boolean {
    return this.#paused;
  }
  get playbackRate(): number {
    return this.#rate;
  }
  set playbackRate(rate: number) {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#options.onClock('ratechange');
    if (!this.#paused && !this.#ended && !this.#options.isFollowing) this.#order({});
  }
  /** From a seek to its picture, milliseconds. */
  get lastSeekMs(): number | null {
    return this.#lastSeekMs;
  }
  /** Is it meant to send pictures now? */
  get isFlowing(): boolean {
    return !this.#paused && !this.#ended && this.#orders.wanted === null;
  }
  /** Is a picture that was asked for not there yet? */
  get isWaiting(): boolean {
    return this.#orders.wanted !== null;
  }
  /** Where a Session has to begin that takes the place of what there was. */
  get beginning(): Beginning {
    return { at: this.#within(this.currentTime), paused: this.#paused };
  }

  play(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#options.isFollowing) return this.#listenAgain();
    // Where there is nothing more to come, whoever wants to see it again seeks.
    if (!this.#ended || this.#seek !== null) this.#order({});
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#options.sound.set(false);
    if (this.#options.isFollowing) return;
    const waits = this.isWaiting;
    this.#pausedAtMs = performance.now();
    if (waits) return this.#order({});
    this.#options.gate.close();
    // The picture that stands there is the wanted one: none is waited for.
    this.#tellOnly({ paused: true });
  }

  seek(seconds: number, { scrub = false }: { scrub?: boolean } = {}): void {
    if (this.#options.isFollowing) return;
    const target = this.#within(seconds);
    this.#steps = null;
    this.#draggedAtMs = scrub ? performance.now() : null;
    this.#begin(target);
    this.#order(scrub ? { scrub: true, paused: true } : {});
  }

  step(frames: number): void {
    if (this.#options.isFollowing || frames === 0) return;
    this.#paused = true;
    this.#steps = {
      from: this.#steps?.from ?? this.currentTime,
      frames: (this.#steps?.frames ?? 0) + frames,
    };
    const { from, frames: all } = this.#steps;
    this.#begin(this.#within(from + all / (this.#framesPerSecond ?? 25)));
    this.#order({ at: from, frames: all });
  }

  /** The server has opened a Session, that begins at `beginning` as it was then. */
  opened(asset: { duration: number; framesPerSecond: number }, asked: Beginning): void {
    this.#line.reset();
    this.#last = null;
    this.#framesPerSecond = asset.framesPerSecond;
    this.#setDuration(asset.duration);
    this.#options.gate.close();
    this.#options.sound.set(false);
    this.#ended = false;
    this.#asked = asked;
    this.#orders.opened({ ...asked, rate: this.#rate });
  }

  /** What the server says of itself: how it begins, that it has come to its end, or that somebody else steers. */
  moved(playhead: Playhead): void {
    const ends = playhead.ended && playhead.change === this.#line.playhead?.change;
    const asked = this.#asked;
    this.#asked = null;
    if (asked !== null) this.#orders.begun();
    if (this.#options.isFollowing && !ends) this.#follow(playhead);
    else if (asked !== null && this.#wantsOther(asked)) this.#orders.give(this.#steering({}));
    else {
      if (!ends && !this.isWaiting) this.#comesAgain();
      this.#adopt(playhead);
    }
  }

  /** A picture was presented in the `<video>`. */
  presented(picture: Presented): void {
    this.#last = picture;
    // Of what was before, as long as nothing else is known.
    if (this.isWaiting && !this.#orders.isAnswered) return;
    const position = this.#line.positionOf(picture);
    if (position === null) return;
    if (this.isWaiting) this.#arrived(position, picture);
    else this.#wentOn(position, picture);
  }

  close(): void {
    clearInterval(this.#interval);
    this.#orders.drop();
  }

  /** Whoever steers decides when it goes on; there may have been nobody to tell us, after a long pause. */
  #listenAgain(): void {
    if (!this.#options.hasSession()) this.#options.wake();
    this.#hush();
  }

  get #canSteer(): boolean {
    return this.#asked === null && this.#options.hasSession();
  }

  #steering(changes: Partial<Steering>): Steering {
    const steps = this.#steps;
    const at = steps?.from ?? this.#seek?.target ?? this.#shown.position;
    return {
      at: this.#within(at),
      ...(steps !== null && { frames: steps.frames }),
      paused: this.#paused,
      rate: this.#rate,
      ...changes,
    };
  }

  /** Asks for a picture, and shows none before it. */
  #order(changes: Partial<Steering>): void {
    this.#ended = false;
    // It is on its way while what is seen is drawn, which takes some milliseconds.
    if (this.#canSteer) this.#orders.give(this.#steering(changes));
    else this.#options.wake();
    this.#options.onHaste(true);
    this.#options.sound.set(false);
    this.#options.gate.close();
  }

  #tellOnly(steering: Steering): void {
    if (!this.#canSteer) return;
    // What is still on its way is told by what was known before.
    this.#options.steer(steering).catch((error: unknown) => {
      console.debug('sfumato: pause', error);
    });
  }

  #begin(target: number): void {
    this.#seek = { target, askedAtMs: performance.now() };
    this.#options.onClock('seeking');
  }

  /** Was something else asked for while the Session was opened? */
  #wantsOther({ at, paused }: Beginning): boolean {
    const moved = this.#steps !== null || (this.#seek !== null && this.#seek.target !== at);
    return moved || paused !== this.#paused || this.#rate !== 1;
  }

  /** What was sent before comes again, because something was lost, or sharper: nobody is to see its run-up. */
  #comesAgain(): void {
    this.#again = true;
    this.#options.gate.close();
  }

  #adopt(playhead: Playhead): void {
    if (!this.#line.adopt(playhead, performance.now())) return this.#mayHaveEnded();
    if (this.#steps !== null && this.#seek !== null) this.#seek.target = playhead.position;
    // The picture may have been faster than the answer.
    if (this.#last !== null) this.presented(this.#last);
  }

  /** The wanted picture, or one after it, is there. */
  #arrived(position: number, { atMs }: Presented): void {
    const { onClock, onOverdue } = this.#options;
    this.#shown = { position, atMs };
    const sought = this.#seek;
    const dragging = this.#orders.current?.scrub === true;
    if (this.#paused || dragging) this.#options.gate.show();
    else this.#options.gate.open();
    this.#orders.settled();
    onOverdue(false);
    if (this.isWaiting) return onClock('timeupdate');
    this.#steps = null;
    if (dragging) return onClock('timeupdate');
    this.#seek = null;
    this.#hush();
    if (!this.#paused) this.#options.onHaste(false);
    if (sought !== null) this.#lastSeekMs = performance.now() - sought.askedAtMs;
    onClock('timeupdate');
    if (sought !== null) onClock('seeked');
    if (!this.#paused) onClock('playing');
    this.#begun = true;
    this.#mayHaveEnded();
  }

  #wentOn(position: number, { atMs }: Presented): void {
    if (this.#ended) return;
    const again = this.#again;
    this.#again = false;
    if (this.#paused) {
      // It was on its way to the screen, and may be what was held: then that is the one.
      if (!again && atMs - this.#pausedAtMs > ON_ITS_WAY_MS) return;
      this.#options.gate.show();
    } else if (again) this.#options.gate.open();
    this.#shown = { position, atMs };
    this.#mayHaveEnded();
  }

  /** Sound only where it is heard at its pitch, and with its picture. */
  #hush(): void {
    this.#options.sound.set(!this.#paused && this.#rate === 1 && !this.isWaiting && !this.#ended);
  }

  #mayHaveEnded(): void {
    if (this.isWaiting || this.#ended) return;
    const position = this.#line.endAt(this.#last, performance.now());
    if (position !== null) this.#endNow(position);
  }

  #endNow(position: number): void {
    this.#ended = true;
    this.#shown = { position, atMs: performance.now() };
    this.#options.gate.show();
    this.#hush();
    this.#options.onClock('timeupdate');
    if (!this.#paused) this.#options.onClock('ended');
  }

  /** Whoever steers has moved it: what it shows now is waited for. */
  #follow(playhead: Playhead): void {
    this.#options.gate.close();
    this.#options.sound.set(false);
    this.#ended = false;
    this.#paused = playhead.rate === 0;
    if (playhead.rate > 0) this.#rate = playhead.rate;
    this.#seek ??= { target: playhead.position, askedAtMs: performance.now() };
    this.#orders.opened({ at: playhead.position, paused: this.#paused });
    this.#orders.begun();
    this.#adopt(playhead);
  }

  #overdue(times: number): void {
    this.#options.onOverdue(true);
    if (times > 0) this.#options.onClock('waiting');
  }

  #tick(): void {
    if (this.#options.picturesRest()) {
      this.presented({ rtpTimestamp: undefined, atMs: performance.now(), receivedMs: undefined });
    }
    this.#mayHaveEnded();
    const dragged = this.#draggedAtMs;
    if (dragged !== null && performance.now() - dragged > DRAG_MS && this.#seek !== null) {
      this.seek(this.#seek.target);
    }
    if (this.isFlowing && this.#begun) this.#options.onClock('timeupdate');
  }

  /** A page that nobody sees presents nothing, though time goes on. Seconds since what it presented last. */
  #unseen(): number {
    if (!this.isFlowing || !this.#options.isHidden()) return 0;
    return (Math.max(0, performance.now() - this.#shown.atMs) / 1_000) * this.#rate;
  }

  #setDuration(duration: number): void {
    if (duration === this.#duration) return;
    this.#duration = duration;
    this.#options.onClock('durationchange');
  }

  #within(seconds: number): number {
    const most = Number.isFinite(this.#duration) ? this.#duration : Number.POSITIVE_INFINITY;
    return Math.min(most, Math.max(0, seconds));
  }
}
