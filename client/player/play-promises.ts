/** What `play()` has promised: kept, or broken, all at once. */
export class PlayPromises {
  #waiters: { resolve: () => void; reject: (reason: unknown) => void }[] = [];

  add(): Promise<void> {
    return new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  keep(): void {
    for (const { resolve } of this.#take()) resolve();
  }

  break(reason: DOMException): void {
    for (const { reject } of this.#take()) reject(reason);
  }

  #take() {
    const waiters = this.#waiters;
    this.#waiters = [];
    return waiters;
  }
}
