import type { Logger } from 'pino';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { refusalError } from '../rights/refusal-errors.ts';
import { seatOf, type Visitor } from './visitor.ts';
import { type Answer, demandYes, type WatchGate } from './watch-gate.ts';

/** Something that is being watched. */
export interface Play {
  thingId: string;
  /** Who watches, as far as that is proved now. */
  visitor: () => Promise<Visitor>;
  /** Counted among those that may watch at the same time: each, or one browser once. */
  counts?: 'each' | 'browsers';
  /** Called once, when it is to end, with an error that has a `refusal`. */
  onRefused: (why: SfumatoError) => void;
}

/** The right to watch, for as long as it is used. */
export interface Admission {
  /** Something else is shown from now on. @throws SfumatoError where that does not do; then it is as before */
  renew(visitor: Play['visitor']): Promise<void>;
  /** It may end any moment: whoever comes is not to wait for its place. */
  giveUpSeat(): void;
  /** Idempotent. */
  close(): void;
}

export interface AdmissionsOptions {
  gate: Pick<WatchGate, 'ask'>;
  /** Tells when something about a thing changes that is not told to `check`; what it returns stops it. */
  follow?: (thingId: string, onChange: () => void) => () => void;
  log: Logger;
  /** How often all are asked again: logins expire, and other nodes change things. Milliseconds. */
  everyMs?: number;
}

interface Entry {
  play: Play;
  seat: string | undefined;
  untilMs: number | undefined;
  /** Of the token that was shown. */
  passId: string | undefined;
}

const EVERY_MS = 30_000;
/** Asked at the same time. */
const AT_ONCE = 32;
/** How long a place is kept for who fetches piece by piece. Milliseconds. */
const PIECE_MS = 30_000;
/** Timers count 31 bits of milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** Everything that is being watched, so that it ends when it may not be any more. */
export class Admissions {
  readonly #options: AdmissionsOptions;
  readonly #entries = new Set<Entry>();
  readonly #admissions = new WeakMap<Admission, Entry>();
  readonly #waiting = new Set<Entry>();
  readonly #followed = new Map<string, { count: number; undo: () => void }>();
  /** Who fetched a piece of what, and when last. */
  readonly #pieces = new Map<string, Map<string, number>>();
  readonly #look: NodeJS.Timeout;
  #asking = 0;
  #changes = 0;
  #soonest: { atMs: number; timer: NodeJS.Timeout } | undefined;
  #isClosed = false;

  constructor(options: AdmissionsOptions) {
    this.#options = options;
    this.#look = setInterval(() => this.check(), options.everyMs ?? EVERY_MS);
    this.#look.unref();
  }

  /** How much is being watched. */
  get count(): number {
    return this.#entries.size;
  }

  /**
   * @param instead whose place it takes
   * @throws SfumatoError with `refusal` where they may not; `unavailable` where nobody knows at the moment
   */
  async admit(play: Play, instead?: Admission): Promise<Admission> {
    const changes = this.#changes;
    const { visitor, answer } = await this.#ask(play.thingId, play.visitor);
    const { verdict, maxViewers } = answer;
    const seat = newSeat(play, visitor);
    if (seat !== undefined && maxViewers !== undefined) {
      this.#demandSeat(play.thingId, { seat, maxViewers, but: instead });
    }
    const untilMs = verdict.may ? verdict.untilMs : undefined;
    const entry: Entry = { play, seat, untilMs, passId: passIdOf(visitor) };
    const admission = this.#enter(entry);
    // What it was asked by may be different since.
    if (changes !== this.#changes) this.#waiting.add(entry);
    this.#work();
    return admission;
  }

  /**
   * For what is fetched piece by piece, where nothing runs that could be ended.
   *
   * @throws SfumatoError with `refusal`
   */
  async demandPiece(thingId: string, visitor: Visitor, isMedia: boolean): Promise<void> {
    const answer = await this.#options.gate.ask(thingId, visitor);
    demandYes(answer);
    if (!isMedia || answer.maxViewers === undefined) return;
    const seat = seatOf(visitor);
    this.#demandSeat(thingId, { seat, maxViewers: answer.maxViewers });
    this.#piecesOf(thingId).set(seat, Date.now());
  }

  /** Asks again, because something about the things or the people is not as it was. */
  check(which: (play: Play) => boolean = () => true): void {
    this.#changes += 1;
    for (const entry of this.#entries) if (which(entry.play)) this.#waiting.add(entry);
    this.#work();
  }

  /** Asks those again who watch by such a pass: of many, a few. */
  checkPasses(isRevoked: (passId: string) => boolean): void {
    this.#changes += 1;
    for (const entry of this.#entries) {
      if (entry.passId !== undefined && isRevoked(entry.passId)) this.#waiting.add(entry);
    }
    this.#work();
  }

  /** Lets go of everything; nobody is told. Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#look);
    clearTimeout(this.#soonest?.timer);
    for (const { undo } of this.#followed.values()) undo();
    for (const all of [this.#entries, this.#waiting, this.#followed, this.#pieces]) all.clear();
  }

  async #ask(id: string, who: Play['visitor']): Promise<{ visitor: Visitor; answer: Answer }> {
    const visitor = await who();
    const answer = await this.#options.gate.ask(id, visitor);
    if (this.#isClosed) throw new SfumatoError('unavailable', 'The server is being stopped.');
    demandYes(answer);
    return { visitor, answer };
  }

  #enter(entry: Entry): Admission {
    this.#entries.add(entry);
    this.#follow(entry.play.thingId);
    this.#heed(entry);
    const admission: Admission = {
      renew: (visitor) => this.#renew(entry, visitor),
      giveUpSeat: () => {
        entry.seat = undefined;
      },
      close: () => this.#leave(entry),
    };
    this.#admissions.set(admission, entry);
    return admission;
  }

  async #renew(entry: Entry, who: Play['visitor']): Promise<void> {
    const changes = this.#changes;
    const { visitor, answer } = await this.#ask(entry.play.thingId, who);
    if (!this.#entries.has(entry)) return;
    entry.play = { ...entry.play, visitor: who };
    entry.passId = passIdOf(visitor);
    entry.untilMs = answer.verdict.may ? answer.verdict.untilMs : undefined;
    this.#heed(entry);
    if (changes === this.#changes) return;
    // As in `admit`; what was asked again meanwhile was asked of the token before.
    this.#waiting.add(entry);
    this.#work();
  }

  #leave(entry: Entry): void {
    if (!this.#entries.delete(entry)) return;
    this.#waiting.delete(entry);
    this.#unfollow(entry.play.thingId);
  }

  #demandSeat(
    thingId: string,
    { seat, maxViewers, but }: { seat: string; maxViewers: number; but?: Admission | undefined },
  ): void {
    const leaving = but && this.#admissions.get(but);
    const taken = new Set(this.#recentPieces(thingId));
    for (const entry of this.#entries) {
      if (entry === leaving || entry.seat === undefined) continue;
      if (entry.play.thingId === thingId) taken.add(entry.seat);
    }
    if (!taken.has(seat) && taken.size >= maxViewers) throw refusalError('full');
  }

  #piecesOf(thingId: string): Map<string, number> {
    const known = this.#pieces.get(thingId);
    if (known !== undefined) return known;
    const fresh = new Map<string, number>();
    this.#pieces.set(thingId, fresh);
    return fresh;
  }

  #recentPieces(thingId: string): string[] {
    const pieces = this.#pieces.get(thingId);
    if (pieces === undefined) return [];
    const since = Date.now() - PIECE_MS;
    for (const [seat, atMs] of pieces) if (atMs < since) pieces.delete(seat);
    if (pieces.size === 0) this.#pieces.delete(thingId);
    return [...pieces.keys()];
  }

  /** One timer, for whichever ends first. */
  #heed({ untilMs }: Entry): void {
    if (untilMs === undefined || this.#isClosed) return;
    if (this.#soonest !== undefined && this.#soonest.atMs <= untilMs) return;
    clearTimeout(this.#soonest?.timer);
    const delayMs = Math.min(Math.max(0, untilMs - Date.now()), LONGEST_MS);
    this.#soonest = { atMs: untilMs, timer: setTimeout(() => this.#onTime(), delayMs) };
  }

  #onTime(): void {
    this.#soonest = undefined;
    const nowMs = Date.now();
    for (const entry of this.#entries) {
      if (entry.untilMs === undefined) continue;
      if (entry.untilMs <= nowMs) this.#waiting.add(entry);
      else this.#heed(entry);
    }
    this.#work();
  }

  #work(): void {
    for (const entry of this.#waiting) {
      if (this.#asking >= AT_ONCE) return;
      this.#waiting.delete(entry);
      this.#asking += 1;
      void this.#askAgain(entry).finally(() => {
        this.#asking -= 1;
        this.#work();
      });
    }
  }

  async #askAgain(entry: Entry): Promise<void> {
    const { play } = entry;
    try {
      const answer = await this.#options.gate.ask(play.thingId, await play.visitor());
      // Another token was shown meanwhile, or it has ended.
      if (entry.play !== play || !this.#entries.has(entry)) return;
      demandYes(answer);
      entry.untilMs = answer.verdict.may ? answer.verdict.untilMs : undefined;
      this.#heed(entry);
    } catch (err) {
      const why = asRefusal(err);
      if (why !== undefined) return this.#refuse(entry, why);
      // Where nobody can tell, nobody has lost a right yet: it is asked again with the next look.
      this.#options.log.warn({ err }, 'a right could not be asked for');
    }
  }

  #refuse(entry: Entry, why: SfumatoError): void {
    if (!this.#entries.has(entry)) return;
    this.#leave(entry);
    try {
      entry.play.onRefused(why);
    } catch (err) {
      this.#options.log.error({ err }, 'what may not be watched any more could not be ended');
    }
  }

  #follow(thingId: string): void {
    const followed = this.#followed.get(thingId);
    if (followed !== undefined) {
      followed.count += 1;
      return;
    }
    const onChange = () => this.check((play) => play.thingId === thingId);
    const undo = this.#options.follow?.(thingId, onChange) ?? (() => undefined);
    this.#followed.set(thingId, { count: 1, undo });
  }

  #unfollow(thingId: string): void {
    const followed = this.#followed.get(thingId);
    if (followed === undefined) return;
    followed.count -= 1;
    if (followed.count > 0) return;
    this.#followed.delete(thingId);
    followed.undo();
  }
}

/** Whose API token was revoked has lost what it was for. */
function asRefusal(error: unknown): SfumatoError | undefined {
  if (!(error instanceof SfumatoError)) return undefined;
  if (error.refusal !== undefined) return error;
  return error.code === 'unauthorized' ? refusalError('revoked') : undefined;
}

function passIdOf({ pass }: Visitor): string | undefined {
  return typeof pass === 'object' ? pass.id : undefined;
}

function newSeat({ counts }: Play, visitor: Visitor): string | undefined {
  if (counts === undefined) return undefined;
  return counts === 'browsers' ? seatOf(visitor) : crypto.randomUUID();
}
