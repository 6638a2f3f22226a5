type Entry<T> = { item: T; dueMs: number; at: number };

/**
 * Who is due first: a binary heap that knows where each of its items is, so that one whose time changes moves by a
 * few places and the rest is not looked at.
 */
export class DueQueue<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #entries = new Map<T, Entry<T>>();

  /** Infinity where nobody is. */
  get earliestMs(): number {
    return this.#heap[0]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#heap.length;
  }

  has(item: T): boolean {
    return this.#entries.has(item);
  }

  /** Adds it, or gives it another time. */
  set(item: T, dueMs: number): void {
    const known = this.#entries.get(item);
    if (!known) {
      const entry = { item, dueMs, at: this.#heap.length };
      this.#entries.set(item, entry);
      this.#heap.push(entry);
      this.#rise(entry);
      return;
    }
    const before = known.dueMs;
    known.dueMs = dueMs;
    if (dueMs < before) this.#rise(known);
    else this.#sink(known);
  }

  delete(item: T): void {
    const entry = this.#entries.get(item);
    if (!entry) return;
    this.#entries.delete(item);
    const last = this.#heap.pop();
    if (!last || last === entry) return;
    this.#put(last, entry.at);
    this.#rise(last);
    this.#sink(last);
  }

  /** Those that are due, in no order. They stay, with the time that they have. */
  dueBy(nowMs: number): T[] {
    const due: T[] = [];
    const visit = (at: number): void => {
      const entry = this.#heap[at];
      if (!entry || entry.dueMs > nowMs) return;
      due.push(entry.item);
      visit(2 * at + 1);
      visit(2 * at + 2);
    };
    visit(0);
    return due;
  }

  #rise(entry: Entry<T>): void {
    for (;;) {
      const above = this.#heap[(entry.at - 1) >> 1];
      if (entry.at === 0 || !above || above.dueMs <= entry.dueMs) return;
      this.#swap(entry, above);
    }
  }

  #sink(entry: Entry<T>): void {
    for (;;) {
      const left = this.#heap[2 * entry.at + 1];
      const right = this.#heap[2 * entry.at + 2];
      const first = right && left && right.dueMs < left.dueMs ? right : left;
      if (!first || first.dueMs >= entry.dueMs) return;
      this.#swap(entry, first);
    }
  }

  #swap(one: Entry<T>, other: Entry<T>): void {
    const { at } = one;
    this.#put(one, other.at);
    this.#put(other, at);
  }

  #put(entry: Entry<T>, at: number): void {
    entry.at = at;
    this.#heap[at] = entry;
  }
}
