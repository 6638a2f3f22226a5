/** What is held on to, until all of it is let go at once: the last first, as each may need those before it. */
export class Held {
  readonly #undo: (() => void)[] = [];
  #isLetGo = false;

  get isLetGo(): boolean {
    return this.#isLetGo;
  }

  /** @param letGo called when all is let go; at once where that was before */
  add(letGo: () => void): void {
    if (this.#isLetGo) letGo();
    else this.#undo.push(letGo);
  }

  /** Idempotent. @throws what the letting go of something threw, after all the rest was let go */
  letGo(): void {
    this.#isLetGo = true;
    const failures: unknown[] = [];
    for (const undo of this.#undo.splice(0).toReversed()) {
      try {
        undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
