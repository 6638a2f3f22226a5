import type { LitElement } from 'lit';
import type { Condition } from '../live/condition.ts';

type Parts = typeof import('./player-controls.ts');

/** More than a first picture takes where all is well: who waits longer is to have controls meanwhile. */
const PATIENCE_MS = 2000;

export type Waiting = {
  condition: Condition;
  autoplay: boolean;
  /** Since the player is on its page. */
  sinceMs: number;
};

const ON_ITS_WAY: ReadonlySet<Condition> = new Set(['connecting', 'waitingForPicture']);

/** Is a Channel's first picture about to come, which nothing else is to compete with? */
export function pictureIsDue({ condition, autoplay, sinceMs }: Waiting): boolean {
  if (sinceMs > PATIENCE_MS) return false;
  return ON_ITS_WAY.has(condition) || (condition === 'ready' && autoplay);
}

/**
 * The controls: half of a player's code, and no first picture needs it. It is fetched when there is a picture, or when
 * somebody turns to the player.
 */
export class LateControls {
  readonly #player: LitElement;
  #parts: Parts | null = null;
  #loading: Promise<void> | null = null;
  #failed = false;

  constructor(player: LitElement) {
    this.#player = player;
    for (const type of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
      player.addEventListener(type, () => void this.want(), { once: true, passive: true });
    }
  }

  /** Null until the code is there. */
  get parts(): Parts | null {
    return this.#parts;
  }

  /** Now is a good time. Where it has failed it is tried again only for somebody who turns to the player. */
  suggest(): void {
    if (!this.#failed) void this.want();
  }

  /** Resolves when they are drawn; where they cannot be had, too. */
  async want(): Promise<void> {
    this.#loading ??= this.#load();
    await this.#loading;
  }

  async #load(): Promise<void> {
    try {
      this.#parts = await import('./player-controls.ts');
    } catch (error) {
      console.warn('sfumato: no controls', error);
      this.#failed = true;
      this.#loading = null;
    }
    this.#player.requestUpdate();
    await this.#player.updateComplete;
  }
}
