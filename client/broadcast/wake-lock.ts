/**
 * Keeps the screen awake while it is wanted (https://www.w3.org/TR/screen-wake-lock/): a phone that goes to
 * sleep takes its camera along. The browser lets go of it whenever the page is hidden.
 */
export class ScreenWakeLock {
  #wanted = false;
  #held: WakeLockSentinel | null = null;

  constructor() {
    document.addEventListener('visibilitychange', () => void this.#update());
  }

  want(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    void this.#update();
  }

  async #update(): Promise<void> {
    try {
      if (!this.#wanted) await this.#held?.release();
      else if (document.visibilityState === 'visible' && (this.#held?.released ?? true)) {
        // Not in every browser, and only on secure pages.
        this.#held = (await navigator.wakeLock?.request('screen')) ?? null;
      }
    } catch (error) {
      // The battery is low, or the page was hidden meanwhile: the screen may sleep then.
      console.debug('sfumato: wake lock', error);
    }
  }
}
