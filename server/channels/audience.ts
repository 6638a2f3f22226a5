import type { LayerReason } from '../../signaling/contract/index.ts';
import { type LayerChange, type LayerLimit, NO_LIMIT, type Shortage } from '../sfu/layer-choice.ts';

/** One Viewer's seat: what it gets and what it would take. */
export interface Attendance {
  /** The Layer that it is sent now, and why this one. */
  get(change: LayerChange): void;
  /** What is worth sending to this Viewer. */
  want(limit: LayerLimit): void;
  /** Does its link carry less than the top Layer? */
  runShort(shortage: Shortage): void;
  /** Idempotent. */
  leave(): void;
}

interface Seat {
  gets: number | null;
  reason: LayerReason;
  /** The highest Layer worth sending; -1 where no picture is. */
  wants: number;
  shortage: Shortage;
}

/** Everybody who watches a Channel, counted by Layer. */
export class Audience {
  readonly #seats = new Set<Seat>();

  get size(): number {
    return this.#seats.size;
  }

  /** @param onChange called when somebody came, went, or wants something else */
  enter(onChange: () => void): Attendance {
    const seat: Seat = { gets: null, reason: 'starting', wants: NO_LIMIT.layer, shortage: 'none' };
    this.#seats.add(seat);
    onChange();
    return {
      get: ({ spatialLayer, reason }) => {
        seat.gets = spatialLayer;
        seat.reason = reason;
      },
      want: ({ picture, layer: highest }) => {
        const layer = picture ? highest : -1;
        if (seat.wants === layer) return;
        seat.wants = layer;
        onChange();
      },
      runShort: (shortage) => {
        if (seat.shortage === shortage) return;
        seat.shortage = shortage;
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

  /** How many are sent a picture, of whatever Layer. */
  get seeing(): number {
    return [...this.#seats].filter(({ gets }) => gets !== null).length;
  }

  /** Everybody, by what they get and why. */
  get standings(): readonly LayerChange[] {
    return [...this.#seats].map(({ gets, reason }) => ({ spatialLayer: gets, reason }));
  }

  /** Does anybody need a Layer below the top, and why? Whoever gets no picture needs none. */
  lowerLayerNeeded(layers: number): { byDevice: boolean; byLink: Shortage } {
    const watching = [...this.#seats].filter(({ wants }) => wants >= 0);
    return {
      byDevice: watching.some(({ wants }) => wants < layers - 1),
      byLink: worstOf(watching.map(({ shortage }) => shortage)),
    };
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

function worstOf(shortages: readonly Shortage[]): Shortage {
  return (['felt', 'supposed'] as const).find((one) => shortages.includes(one)) ?? 'none';
}

/** How many Viewers get which Layer for which reason. */
export function countByLayer(
  standings: readonly LayerChange[],
): { layer: string; reason: LayerReason; viewers: number }[] {
  const groups = Map.groupBy(standings, ({ spatialLayer, reason }) => `${spatialLayer} ${reason}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const layer = first.spatialLayer === null ? 'none' : String(first.spatialLayer);
    return [{ layer, reason: first.reason, viewers: group.length }];
  });
}
