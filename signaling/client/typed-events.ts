type Listener<T> = (data: T) => void;

/** Typed events. `on()` returns its undo, and a listener that throws harms neither the others nor the emitter. */
export class TypedEvents<Events extends object> {
  #listeners: { [E in keyof Events]?: Set<Listener<Events[E]>> } = {};

  /** Calls `listener` at every `event` until the function that is returned is called. */
  on<E extends keyof Events>(event: E, listener: Listener<Events[E]>): () => void {
    const listeners: Set<Listener<Events[E]>> = this.#listeners[event] ?? new Set();
    this.#listeners[event] = listeners;
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit<E extends keyof Events>(event: E, data: Events[E]): void {
    for (const listener of [...(this.#listeners[event] ?? [])]) {
      try {
        listener(data);
      } catch (error) {
        // Told as an uncaught error would be, after everyone else was served.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#listeners = {};
  }
}
