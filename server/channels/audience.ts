import { type LayerLimit, NO_LIMIT } from '../sfu/layer-choice.ts';

/** One Viewer's seat: what it gets and what it would take. */
export interface Attendance {
  /** The Layer that it is sent now; null while none is. */
  get(layer: number | null): void;
  /** What is worth sending to this Viewer. */
  want(limit: LayerLimit): void;
  /** Idempotent. */
  leave(): void;
}

interface Seat {
  gets: number | null;
  /** The highest Layer worth sending; -1 where no picture is. */
  wants: number;
}

/** Everybody who watches a Channel, counted by Layer. */
export class Audience {
  readonly #seats = new Set<Seat>();

  get size(): number {
    return this.#seats.size;
  }

  /** @param onChange called when somebody came, went, or wants something else */
  enter(onChange: () => void): Attendance {
    const seat: Seat = { gets: null, wants: NO_LIMIT.layer };
    this.#seats.add(seat);
    onChange();
    return {
      get: (layer) => {
        seat.gets = layer;
      },
      want: ({ picture, layer: highest }) => {
        const layer = picture ? highest : -1;
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
   * The highest Layer that anybody could be sent, -1 where nobody watches. Whoever is limited
   * by the link alone wants the top: the estimator tries it only while it is there.
   */
  wantedLayer(layers: number): number {
    const wanted = [...this.#seats].map(({ wants }) => wants);
    return Math.min(layers - 1, Math.max(-1, ...wanted));
  }
}
