type Listener = (...args: unknown[]) => void;
type Entry = { listener: Listener; once: boolean };

/**
 * What mediasoup-client uses of Node's EventEmitter, in place of the whole of it (`events`, which it calls
 * `events-alias`).
 */
export class EventEmitter {
  readonly #entries = new Map<string, Entry[]>();

  /** It is Infinity that is set, which it is anyway. */
  setMaxListeners(): this {
    return this;
  }

  on(event: string, listener: Listener): this {
    return this.#add(event, { listener, once: false });
  }

  once(event: string, listener: Listener): this {
    return this.#add(event, { listener, once: true });
  }

  prependListener(event: string, listener: Listener): this {
    return this.#put(event, [{ listener, once: false }, ...this.#of(event)]);
  }

  prependOnceListener(event: string, listener: Listener): this {
    return this.#put(event, [{ listener, once: true }, ...this.#of(event)]);
  }

  /** Of a listener that is there twice it takes the later one away. */
  off(event: string, listener: Listener): this {
    const entries = this.#of(event);
    const last = entries.findLastIndex((entry) => entry.listener === listener);
    return this.#put(
      event,
      entries.filter((_entry, index) => index !== last),
    );
  }

  removeAllListeners(event?: string): this {
    if (event === undefined) this.#entries.clear();
    else this.#entries.delete(event);
    return this;
  }

  /**
   * Calls those that listened when it began, in their order.
   *
   * @throws what a listener throws; the given error where nobody listens to `error`
   */
  emit(event: string, ...args: unknown[]): boolean {
    const entries = this.#of(event);
    if (entries.length === 0 && event === 'error') throw args[0];
    for (const entry of entries) {
      if (entry.once)
        this.#put(
          event,
          this.#of(event).filter((other) => other !== entry),
        );
      entry.listener.apply(this, args);
    }
    return entries.length > 0;
  }

  listenerCount(event: string): number {
    return this.#of(event).length;
  }

  listeners(event: string): Listener[] {
    return this.#of(event).map(({ listener }) => listener);
  }

  rawListeners(event: string): Listener[] {
    return this.listeners(event);
  }

  #of(event: string): readonly Entry[] {
    return this.#entries.get(event) ?? [];
  }

  #add(event: string, entry: Entry): this {
    return this.#put(event, [...this.#of(event), entry]);
  }

  #put(event: string, entries: Entry[]): this {
    this.#entries.set(event, entries);
    return this;
  }
}
