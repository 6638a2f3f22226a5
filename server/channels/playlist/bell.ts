/** Timers hold no more than 2^31 - 1 milliseconds; whoever waits longer looks again in between. */
const LONGEST_WAIT_MS = 3_600_000;

/** Wakes the one who waits. Rung while nobody does, it wakes the next at once. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** @param untilMs at the latest, milliseconds since the Unix epoch */
  async wait(untilMs: number): Promise<void> {
    if (!this.#rung) await this.#sleep(Math.min(untilMs - Date.now(), LONGEST_WAIT_MS));
    this.#rung = false;
  }

  async #sleep(ms: number): Promise<void> {
    if (ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
