/** An answer, and how long it holds. */
export interface TimedAnswer<T> {
  /** undefined: there is none. */
  value: T | undefined;
  seconds: number;
}

export interface KeptAnswer<T> {
  value: T | undefined;
  /** Milliseconds since the Unix epoch. */
  untilMs: number;
}

const MAX_ENTRIES = 10_000;

/** Answers by question, for as long as they hold; who asks the same meanwhile waits for the same answer. */
export class WebhookAnswers<T> {
  readonly #now: () => number;
  readonly #max: number;
  readonly #kept = new Map<string, KeptAnswer<T>>();
  readonly #asked = new Map<string, Promise<KeptAnswer<T>>>();

  constructor({ now = Date.now, max = MAX_ENTRIES }: { now?: () => number; max?: number } = {}) {
    this.#now = now;
    this.#max = max;
  }

  async of(question: string, ask: () => Promise<TimedAnswer<T>>): Promise<KeptAnswer<T>> {
    const kept = this.#kept.get(question);
    if (kept !== undefined && kept.untilMs > this.#now()) return kept;
    this.#kept.delete(question);
    return await (this.#asked.get(question) ?? this.#ask(question, ask));
  }

  #ask(question: string, ask: () => Promise<TimedAnswer<T>>): Promise<KeptAnswer<T>> {
    const asked = ask()
      .then(({ value, seconds }) => {
        const entry = { value, untilMs: this.#now() + seconds * 1000 };
        if (seconds > 0) this.#keep(question, entry);
        return entry;
      })
      .finally(() => this.#asked.delete(question));
    this.#asked.set(question, asked);
    return asked;
  }

  #keep(question: string, entry: KeptAnswer<T>): void {
    this.#kept.set(question, entry);
    // The oldest goes: the order of a Map is that of its making.
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#max && oldest !== undefined) this.#kept.delete(oldest);
  }
}
