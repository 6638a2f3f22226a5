/**
 * Tells a drag of the seek bar from a click on it: the first place is gone to exactly, as a click's; those that follow while
 * it is held roughly; and where it is let go, exactly again.
 */
export class Scrub {
  #held = false;
  #places = 0;
  #last: number | null = null;

  get held(): boolean {
    return this.#held;
  }

  hold(): void {
    this.#held = true;
    this.#places = 0;
    this.#last = null;
  }

  /** @param seconds where to go @returns how */
  goTo(seconds: number): 'exactly' | 'roughly' {
    if (!this.#held) return 'exactly';
    this.#places += 1;
    this.#last = seconds;
    return this.#places > 1 ? 'roughly' : 'exactly';
  }

  /** @returns where it was let go, and whether it was dragged there; null where it went nowhere */
  release(): { seconds: number; dragged: boolean } | null {
    const place =
      this.#held && this.#last !== null ? { seconds: this.#last, dragged: this.#places > 1 } : null;
    this.#held = false;
    return place;
  }
}
