import type { Asset } from '../../../signaling/contract/index.ts';

const KEY = 'sfumato.goesOn';
const COUNTDOWN_SECONDS = 5;

/** Does the next one of a collection begin by itself? It does until somebody switches that off. */
export function goesOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'no';
  } catch (error) {
    console.debug('sfumato: nothing is remembered here', error);
    return true;
  }
}

export function storeGoesOn(wanted: boolean): void {
  try {
    if (wanted) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'no');
  } catch (error) {
    console.debug('sfumato: nothing can be remembered here', error);
  }
}

export type NextUpState = {
  next: Asset;
  /** Until it begins by itself; null where it waits to be asked. */
  secondsLeft: number | null;
};

/** At the end of one comes the next, after a while in which that can be stopped. */
export class NextUp {
  readonly #changed: () => void;
  readonly #go: (next: Asset) => void;
  #state: NextUpState | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor({ changed, go }: { changed(): void; go(next: Asset): void }) {
    this.#changed = changed;
    this.#go = go;
  }

  get state(): NextUpState | null {
    return this.#state;
  }

  offer(next: Asset): void {
    clearInterval(this.#timer);
    this.#state = { next, secondsLeft: goesOn() ? COUNTDOWN_SECONDS : null };
    if (this.#state.secondsLeft !== null) this.#timer = setInterval(() => this.#tick(), 1_000);
    this.#changed();
  }

  /** It stays on offer. */
  stay(): void {
    clearInterval(this.#timer);
    if (this.#state === null) return;
    this.#state = { ...this.#state, secondsLeft: null };
    this.#changed();
  }

  /** Somebody went elsewhere, or watches this one again. */
  end(): void {
    clearInterval(this.#timer);
    if (this.#state === null) return;
    this.#state = null;
    this.#changed();
  }

  #tick(): void {
    const { next, secondsLeft } = this.#state ?? {};
    if (next === undefined || typeof secondsLeft !== 'number') return;
    this.#state = { next, secondsLeft: secondsLeft - 1 };
    if (secondsLeft > 1) return this.#changed();
    this.end();
    this.#go(next);
  }
}
