import type { RequestData, RequestResult } from '../../signaling/contract/index.ts';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { Seats } from './seats.ts';
import { Session } from './session.ts';
import type { SessionOptions, SessionParts } from './session-options.ts';

/** Whose Session it is. */
export interface SessionSeat extends Pick<SessionOptions, 'as' | 'remoteAddress' | 'events'> {
  /** What it is counted by; undefined where that is not known. */
  address: string | undefined;
}

/** Everybody who plays something stored, each in a Session of their own. */
export class Sessions {
  readonly #parts: SessionParts;
  readonly #open = new Set<Session>();
  readonly #seats = new Seats();
  #isClosed = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** How many are open. */
  get count(): number {
    return this.#open.size;
  }

  /** @throws SfumatoError as `Session.open`; `overloaded`, `tooMany` */
  async open(
    request: RequestData<'openSession'>,
    seat: SessionSeat,
  ): Promise<{ session: Session; answer: RequestResult<'openSession'> }> {
    const giveBack = this.#seats.take(seat.address);
    const onClosed = (one: Session) => {
      this.#open.delete(one);
      giveBack();
    };
    const opened = await Session.open(request, { ...this.#parts, ...seat, onClosed });
    const { session } = opened;
    if (this.#isClosed) session.leave();
    // It may have ended while it was being opened.
    if (session.closed) throw new SfumatoError('unavailable', 'It ended before it began.');
    this.#open.add(session);
    return opened;
  }

  /** Ends them all. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const session of this.#open) session.leave();
  }
}
