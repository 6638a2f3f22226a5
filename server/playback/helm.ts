import type { Logger } from 'pino';
import type { Playhead, Steering } from '../../signaling/contract/index.ts';
import type { PumpPlayhead, SessionOrder, SessionPump } from '../rtp/session-pump.ts';
import type { SessionPlace } from './party.ts';
import type { SessionCourse } from './party-timeline.ts';
import type { RenditionWatch } from './rendition-watch.ts';
import { isPauseOnly, isSeek, orderOf, quickly, steered, type SteeringState } from './steering.ts';

/** What is asked of a Pump. */
export type HelmPump = Pick<
  SessionPump,
  'steer' | 'pause' | 'switchTo' | 'onRendition' | 'onMoved' | 'onEnded'
>;

export interface HelmOptions {
  pump: HelmPump;
  renditions: RenditionWatch;
  /** Where it is to begin. */
  state: SteeringState;
  /** Where it is now, though its Viewer did not ask. */
  onMoved: (playhead: Playhead) => void;
  /** Does it stand, so that nothing is sent? */
  onStanding: (stands: boolean) => void;
  /** It was sent elsewhere, which took so many seconds. */
  onSought: (seconds: number) => void;
  log: Logger;
}

/**
 * A picture that stands in a low Rendition is sent again in a higher one after so many milliseconds: one that the link
 * carries quickly as soon as the first is surely there, and the best when somebody stays.
 */
const SHARPEN_SOON_MS = 60;
const SHARPEN_AFTER_MS = 240;

/** Steers the Pump of one Session, and knows where it is. */
export class Helm {
  readonly #options: HelmOptions;
  readonly #pump: HelmPump;
  readonly #renditions: RenditionWatch;
  readonly #undo: (() => void)[];
  #state: SteeringState;
  #playhead: Playhead | undefined;
  /** At a party, which steers it then. */
  #place: SessionPlace | undefined;
  #hasBegun = false;
  /** Orders that the Pump has yet to answer. */
  #unanswered = 0;
  #isClosed = false;
  #sharpen: NodeJS.Timeout | undefined;
  /** What stands was sent again already, as sharp as the link carries it quickly. */
  #isSharpened = false;

  constructor(options: HelmOptions) {
    const { pump, renditions, state } = options;
    this.#options = options;
    [this.#pump, this.#renditions, this.#state] = [pump, renditions, state];
    this.#undo = [
      pump.onRendition((rendition) => renditions.setFlowing(rendition)),
      pump.onEnded((playhead) => this.#tellEnd(playhead)),
      pump.onMoved((playhead) => this.#tellMove(playhead)),
    ];
  }

  /** Sends from where it is to begin. A second call does nothing. @throws {Error} when the Pump is closed */
  async begin(): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    if (this.#place !== undefined) return await this.#takeCourse(this.#place.course());
    // What was steered before it began was answered without a time in RTP.
    this.#state = { ...this.#state, change: this.#state.change + 1 };
    const order = quickly(orderOf(this.#state, this.#renditions.allowance));
    const { change } = this.#state;
    this.#renditions.setRate(order.rate);
    // Its Viewer waits for this one, even where it was overtaken.
    this.#options.onMoved(this.#moved(await this.#go(order), change));
  }

  /** At a party it changes nothing. @throws {Error} when the Pump is closed */
  async steer(steering: Steering): Promise<Playhead> {
    if (this.#place !== undefined) return this.#playhead ?? this.#beginning();
    clearTimeout(this.#sharpen);
    this.#isSharpened = false;
    if (this.#hasBegun && isPauseOnly(steering)) return await this.#pause();
    const askedAtMs = performance.now();
    const at = steering.at ?? (await this.#position());
    const { state, order } = steered(this.#state, { ...steering, at }, this.#renditions.allowance);
    this.#state = state;
    if (!this.#hasBegun) return this.#beginning();
    this.#renditions.setRate(order.rate);
    const playhead = this.#moved(await this.#go(order), state.change);
    if (isSeek(steering)) this.#options.onSought((performance.now() - askedAtMs) / 1_000);
    return playhead;
  }

  /** From now on it goes where its party goes. */
  join(place: SessionPlace): void {
    this.#place = place;
  }

  /** Its party is over: its Viewer steers it again. */
  letGo(): void {
    this.#place = undefined;
  }

  /** Goes where its party goes; what has not begun asks where to, when it does. */
  follow(course: SessionCourse): void {
    if (this.#hasBegun) this.#unlessClosed(this.#takeCourse(course));
  }

  /** Sends this Rendition from its next key frame on. */
  choose(rendition: number): void {
    this.#pump.switchTo(rendition);
    this.#sharpenSoon();
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#sharpen);
    for (const undo of this.#undo.splice(0)) undo();
  }

  async #takeCourse({ at, rate, atMs }: SessionCourse): Promise<void> {
    const going = rate === 0 ? { paused: true } : { paused: false, rate };
    const { state, order } = steered(this.#state, { at, ...going }, this.#renditions.allowance);
    this.#state = state;
    this.#renditions.setRate(order.rate);
    await this.#goAndTell({ ...order, atMs });
  }

  async #pause(): Promise<Playhead> {
    const playhead = await this.#pump.pause();
    const { position: at } = playhead;
    this.#state = {
      ...{ ...this.#state, change: this.#state.change + 1 },
      ...{ at, paused: true, scrub: false },
    };
    return this.#moved(playhead);
  }

  /** Where it goes on from, if nothing else is said. */
  async #position(): Promise<number> {
    if (!this.#hasBegun || this.#state.paused) return this.#state.at;
    return (await this.#pump.pause()).position;
  }

  async #go(order: SessionOrder): Promise<PumpPlayhead> {
    this.#unanswered += 1;
    try {
      return await this.#pump.steer(order);
    } finally {
      this.#unanswered -= 1;
    }
  }

  /** What is overtaken is not told: the newer order's answer is. */
  async #goAndTell(order: SessionOrder): Promise<void> {
    const { change } = this.#state;
    const playhead = this.#moved(await this.#go(order), change);
    if (change === this.#state.change) this.#options.onMoved(playhead);
  }

  /** Nobody has steered it, and yet it is elsewhere in RTP: something was sent again. */
  #tellMove(playhead: PumpPlayhead): void {
    // It was told before the order reached the Pump, whose answer is newer.
    if (this.#unanswered > 0) return;
    this.#state = { ...this.#state, change: this.#state.change + 1 };
    this.#options.onMoved(this.#moved(playhead));
  }

  #tellEnd(playhead: PumpPlayhead): void {
    // As above: it is not the end of what was asked for.
    if (this.#unanswered === 0) this.#options.onMoved(this.#moved(playhead));
  }

  /** Takes in where the Pump is. @param change that this comes of: one that was overtaken changes nothing */
  #moved(pumped: PumpPlayhead, change = this.#state.change): Playhead {
    const { rtpTimestamp, position, rate, rendition, ended } = pumped;
    const playhead = { change, rtpTimestamp, position, rate, rendition, ended };
    if (change !== this.#state.change) return playhead;
    this.#playhead = playhead;
    if (rate === 0) this.#state = { ...this.#state, at: position };
    this.#renditions.setRate(ended ? 0 : rate);
    this.#renditions.setFlowing(rendition);
    this.#options.onStanding(ended || rate === 0);
    this.#sharpenSoon();
    return playhead;
  }

  /** A picture that stands came in a low Rendition, for that was quicker: who stays there gets a sharper one. */
  #sharpenSoon(): void {
    clearTimeout(this.#sharpen);
    if (this.#isClosed || !this.#isBlurred) return;
    const afterMs = this.#isSharpened ? SHARPEN_AFTER_MS : SHARPEN_SOON_MS;
    this.#sharpen = setTimeout(() => this.#unlessClosed(this.#sendSharper()), afterMs);
  }

  get #isBlurred(): boolean {
    const { paused, scrub } = this.#state;
    if (!paused || scrub || this.#playhead === undefined) return false;
    return this.#playhead.rendition < this.#renditions.allowance.rendition;
  }

  async #sendSharper(): Promise<void> {
    // Whatever is being sent is looked at again when it is there.
    if (!this.#isBlurred || this.#unanswered > 0) return;
    this.#state = { ...this.#state, change: this.#state.change + 1 };
    const order = orderOf(this.#state, this.#renditions.allowance);
    const burstBytes = this.#isSharpened ? Number.MAX_SAFE_INTEGER : order.burstBytes;
    this.#isSharpened = true;
    await this.#goAndTell({ ...order, burstBytes });
  }

  /** Before anything is sent. */
  #beginning(): Playhead {
    const { change, at: position } = this.#state;
    const { rendition } = this.#renditions.allowance;
    return { change, rtpTimestamp: 0, position, rate: 0, rendition, ended: false };
  }

  #unlessClosed(done: Promise<void>): void {
    done.catch((err: unknown) => {
      if (!this.#isClosed) this.#options.log.warn({ err }, 'a Session could not be moved');
    });
  }
}
