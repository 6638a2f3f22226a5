import type { Asset } from '../../../signaling/contract/index.ts';
import type { SfumatoPlayer } from '../../player/sfumato-player.ts';

/** While it plays; milliseconds. */
const EVERY_MS = 10_000;
/** Seconds: who is as good as where they were says nothing new. */
const SAME_PLACE = 1;

/** In these the player is where it says that it is. */
const TRUE_PLACES: ReadonlySet<string> = new Set(['playing', 'paused', 'ended', 'buffering']);

export type Put = (asset: Asset, seconds: number) => void;

/**
 * Keeps how far somebody has come with a player: every ten seconds while it plays, when it is paused, has ended, and when the
 * page is left.
 */
export class PositionKeeper {
  readonly #player: SfumatoPlayer;
  readonly #put: Put;
  readonly #end = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  /** What is watched, where it is, and where it was when that was kept last; seconds. */
  #assetId = '';
  #watched: Asset | null = null;
  #place = 0;
  #kept = 0;

  constructor(player: SfumatoPlayer, put: Put) {
    this.#player = player;
    this.#put = put;
    const { signal } = this.#end;
    for (const type of ['pause', 'ended'] as const)
      player.addEventListener(type, () => this.#look(true), { signal });
    player.addEventListener('assetchange', () => this.#look(false), { signal });
    window.addEventListener('pagehide', () => this.#look(true), { signal });
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'hidden' && this.#look(true),
      { signal },
    );
    this.#timer = setInterval(() => this.#look(!player.paused), EVERY_MS);
  }

  /** It will begin there: that is known already. @param startAt seconds */
  begin(assetId: string, startAt: number): void {
    this.#assetId = assetId;
    this.#watched = null;
    this.#place = this.#kept = startAt;
  }

  /** To be called before the player is given something else. */
  leave(): void {
    this.#look(true);
    this.begin('', 0);
  }

  close(): void {
    this.leave();
    this.#end.abort();
    clearInterval(this.#timer);
  }

  #look(keep: boolean): void {
    const { asset, condition, currentTime, media } = this.#player;
    if (asset?.id === this.#assetId) {
      this.#watched = asset;
      if (TRUE_PLACES.has(condition))
        this.#place = media?.ended === true ? media.duration : currentTime;
    }
    if (!keep || this.#watched === null || !Number.isFinite(this.#place)) return;
    if (Math.abs(this.#place - this.#kept) < SAME_PLACE) return;
    this.#kept = this.#place;
    this.#put(this.#watched, this.#place);
  }
}
