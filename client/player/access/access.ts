import type { WatchRefusal } from '../../../signaling/contract/index.ts';
import { askAgainMs, type Denial } from './denial.ts';
import { type Pass, passFor, type Thing, thingAt } from './pass.ts';

export type AccessEvents = {
  /** It may not be watched, for this reason; null when that was all. */
  changed(denial: Denial | null): void;
  /** The token ends soon, and whoever gave it may have another. */
  expiring(secondsLeft: number): void;
  /** It is worth asking once more. */
  askAgain(): void;
};

/** Refusals that a password said once does not help against any more, but another may. */
const OUTLIVED: ReadonlySet<WatchRefusal> = new Set(['expired', 'revoked', 'wrongToken']);

/** A player's right to show what it shows: where its token comes from, and what becomes of a refusal. */
export class Access {
  readonly #events: AccessEvents;
  #given: string | null = null;
  #pass: Pass | null = null;
  #unlisten = () => {};
  #denial: Denial | null = null;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askAtMs: number | null = null;
  #heardAtMs = 0;

  constructor(events: AccessEvents) {
    this.#events = events;
  }

  get token(): string | null {
    return this.#pass?.token ?? this.#given;
  }
  set token(token: string | null) {
    this.#given = token;
    if (this.#pass !== null) this.#pass.set(token);
  }

  get denial(): Denial | null {
    return this.#denial;
  }
  /** When it is asked for once more by itself, as `performance.now()` has it; null where it is not. */
  get askAtMs(): number | null {
    return this.#askAtMs;
  }
  /** When it begins, as `performance.now()` has it; null where nobody said that it will. */
  get beginsAtMs(): number | null {
    const { refusal, retryAfterSeconds } = this.#denial ?? {};
    const isSaid = refusal === 'notYet' && retryAfterSeconds !== undefined;
    return isSaid ? this.#heardAtMs + retryAfterSeconds * 1_000 : null;
  }
  /** What is shown, or refused. */
  get thing(): Thing | null {
    return this.#pass?.thing ?? null;
  }
  /** Can whoever looks say a password that helps? */
  get takesPassword(): boolean {
    const { refusal } = this.#denial ?? {};
    if (refusal === 'password' || refusal === 'wrongPassword') return true;
    return refusal !== undefined && OUTLIVED.has(refusal) && this.#pass?.fromPassword === true;
  }

  /** Another thing is to be shown. @param address of it, perhaps with a token. @param attribute the element's */
  open(address: URL | null, attribute: string | null): void {
    this.close();
    const thing = address === null ? null : thingAt(address.href);
    if (address === null || thing === null) return;
    const pass = passFor(thing);
    this.#pass = pass;
    const token = this.#given ?? attribute ?? address.searchParams.get('token');
    if (token !== null) pass.set(token);
    this.#unlisten = pass.on('expiring', ({ secondsLeft }) => this.#events.expiring(secondsLeft));
  }

  close(): void {
    this.#unlisten();
    this.#unlisten = () => {};
    this.#pass = null;
    this.#tries = 0;
    this.heard(null);
  }

  /** What was said of who may watch. */
  heard(denial: Denial | null): void {
    const isSame = denial !== null && denial.refusal === this.#denial?.refusal;
    this.#tries = isSame ? this.#tries + 1 : 0;
    const changes = denial !== this.#denial;
    this.#denial = denial;
    this.#heardAtMs = performance.now();
    this.#setTimer(denial);
    if (changes) this.#events.changed(denial);
  }

  /** @throws Error in words for people, where the password is not right or cannot be tried */
  async unlock(password: string): Promise<void> {
    const pass = this.#pass;
    if (pass === null) return;
    const { unlock } = await import('./unlock.ts');
    const { token } = await unlock(pass.thing, password);
    // Whoever waits for it hears of it, and asks again.
    pass.set(token, { fromPassword: true });
  }

  /** Once more, without what was of no use. */
  askAgain(): void {
    const { refusal } = this.#denial ?? {};
    const useless = refusal !== undefined && OUTLIVED.has(refusal);
    if (useless && this.#pass?.token !== undefined) this.#pass.set(null);
    else this.#events.askAgain();
  }

  #setTimer(denial: Denial | null): void {
    clearTimeout(this.#timer);
    const inMs = denial === null ? null : askAgainMs(denial, this.#tries, Math.random());
    this.#askAtMs = inMs === null ? null : performance.now() + inMs;
    if (inMs !== null) this.#timer = setTimeout(() => this.#events.askAgain(), inMs);
  }
}
