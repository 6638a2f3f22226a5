import type { PreferredLayer } from '../../signaling/contract/index.ts';

/** One Viewer's seat: what it gets and what it would take. */
export interface Attendance {
  /** The Layer that it is sent now; null while none is. */
  get(layer: number | null): void;
  /** The person's choice: the highest Layer worth sending to this Viewer. */
  want(layer: PreferredLayer): void;
  /** Idempotent. */
  leave(): void;
}

interface Seat {
  gets: number | null;
  wants: PreferredLayer;
}

/** Everybody who watches a Channel, counted by Layer. */
export class Audience {
  readonly #seats = new Set<Seat>();

  get size(): number {
    return this.#seats.size;
  }

  /** @param onChange called when somebody came, went, or wants something else */
  enter(onChange: () => void): Attendance {
    const seat: Seat = { gets: null, wants: 'auto' };
    this.#seats.add(seat);
    onChange();
    return {
      get: (layer) => {
        seat.gets = layer;
      },
      want: (layer) => {
        if (seat.wants === layer) return;
        seat.wants = layer;
        onChange();
      },
      leave: () => {
        if (this.#seats.delete(seat)) onChange();
      },
    };
  }

  /** How many are sent this Layer right now. */
  getting(layer: number): number {
    return [...this.#seats].filter(({ gets }) => gets === layer).length;
  }

  /**
   * The highest Layer that anybody could be sent, -1 where nobody watches. Whoever leaves the choice to
   * the link wants the top: the estimator tries it only while it is there.
   */
  wantedLayer(layers: number): number {
    const wanted = [...this.#seats].map(({ wants }) => (wants === 'auto' ? layers - 1 : wants));
    return Math.min(layers - 1, Math.max(-1, ...wanted));
  }
}
