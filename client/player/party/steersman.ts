/** What a person asks of a player. */
export type Wish = { paused?: boolean; at?: number; rate?: number };

/** Decides in a player's place what becomes of a person's wishes: others watch the same. */
export interface Steersman {
  wants(wish: Wish): void;
}
