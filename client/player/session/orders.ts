import type { Playhead, Steering } from '../../../signaling/contract/index.ts';

export type OrderEvents = {
  /** Where the Session is by what was asked last. */
  answered(playhead: Playhead): void;
  /** It could not be asked, or was refused. It is asked again after a while. */
  failed(error: unknown): void;
  /** The wanted picture has not come; it is asked for again. */
  overdue(times: number): void;
};

type Order = { steering: Steering; givenAtMs: number; times: number; answered: boolean };

/** The wanted picture may have been lost on its way. Milliseconds from the answer, doubled each time. */
const PICTURE_MS = 1_000;
const LONGEST_MS = 4_000;
/** Of a new Session, whose connection has to come first. */
const FIRST_PICTURE_MS = 4_000;
/** While the bar is dragged, a picture is waited for so long before the next is asked for. */
const SCRUB_MS = 400;

/**
 * What is asked of a Session: the newest wins, and counts as under way until its picture is presented. While the seek bar
 * is dragged one is under way at most, and of those that come meanwhile the last is next.
 */
export class Orders {
  readonly #ask: (steering: Steering) => Promise<Playhead>;
  readonly #events: OrderEvents;
  #current: Order | null = null;
  #next: Steering | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (steering: Steering) => Promise<Playhead>, events: OrderEvents) {
    this.#ask = ask;
    this.#events = events;
  }

  /** What is under way. */
  get current(): Steering | null {
    return this.#current?.steering ?? null;
  }
  /** What is wanted last; null when its picture is there. */
  get wanted(): Steering | null {
    return this.#next ?? this.current;
  }
  /** Is it known which picture is the wanted one? */
  get isAnswered(): boolean {
    return this.#current?.answered ?? false;
  }
  /** How long ago that was asked for which is under way, milliseconds. */
  get ageMs(): number {
    return this.#current === null ? 0 : performance.now() - this.#current.givenAtMs;
  }

  give(steering: Steering): void {
    const dragging = steering.scrub === true && this.current?.scrub === true;
    if (dragging && this.ageMs < SCRUB_MS) this.#next = steering;
    else this.#send(orderOf(steering));
  }

  /** It was asked with the opening of the Session: what comes now is the answer to that. */
  opened(steering: Steering): void {
    this.#next = null;
    this.#current = orderOf(steering);
    this.#askAgainAfter(FIRST_PICTURE_MS);
  }

  /** The server has begun the Session. */
  begun(): void {
    if (this.#current !== null) this.#current.answered = true;
  }

  /** Its picture is presented. */
  settled(): void {
    clearTimeout(this.#timer);
    const next = this.#next;
    this.#next = this.#current = null;
    if (next !== null) this.give(next);
  }

  /** Nothing is asked for any more. */
  drop(): void {
    this.#next = null;
    this.settled();
  }

  #send(order: Order): void {
    this.#next = null;
    this.#current = order;
    clearTimeout(this.#timer);
    void this.#carryOut(order);
  }

  async #carryOut(order: Order): Promise<void> {
    try {
      const playhead = await this.#ask(order.steering);
      if (this.#current !== order) return;
      order.answered = true;
      this.#askAgainAfter(Math.min(LONGEST_MS, PICTURE_MS * 2 ** order.times));
      this.#events.answered(playhead);
    } catch (error) {
      if (this.#current !== order) return;
      this.#askAgainAfter(PICTURE_MS);
      this.#events.failed(error);
    }
  }

  #askAgainAfter(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#next !== null) return this.settled();
      const order = this.#current;
      if (order === null) return;
      this.#events.overdue(order.times + 1);
      if (this.#current === order)
        this.#send({ ...order, times: order.times + 1, answered: false });
    }, afterMs);
  }
}

function orderOf(steering: Steering): Order {
  return { steering, givenAtMs: performance.now(), times: 0, answered: false };
}
