import * as z from 'zod';

const KEY = 'sfumato.positions';
/** The oldest go first. */
export const MOST_KEPT = 200;

const entrySchema = z.object({
  id: z.string(),
  seconds: z.number().positive(),
  /** Milliseconds since the Unix epoch. */
  at: z.number(),
});
/** How far somebody without a login has come in an Asset. */
export type LocalPosition = z.output<typeof entrySchema>;

/** The newest first, each Asset once. @param seconds 0 takes it away */
export function withPosition(
  kept: readonly LocalPosition[],
  { id, seconds, at }: LocalPosition,
): LocalPosition[] {
  const others = kept.filter((one) => one.id !== id);
  const all = seconds > 0 ? [{ id, seconds, at }, ...others] : others;
  return all.toSorted((a, b) => b.at - a.at).slice(0, MOST_KEPT);
}

/** Of this browser; none where it keeps nothing, or somebody else wrote there. */
export function loadPositions(): LocalPosition[] {
  try {
    return positionsOf(localStorage.getItem(KEY));
  } catch (error) {
    console.debug('sfumato: no positions', error);
    return [];
  }
}

/** @throws where it is no JSON. What is no position is left out. */
export function positionsOf(text: string | null): LocalPosition[] {
  const list = z.array(z.unknown()).safeParse(JSON.parse(text ?? '[]'));
  const entries = (list.data ?? []).flatMap((one) => entrySchema.safeParse(one).data ?? []);
  return entries.slice(0, MOST_KEPT);
}

/** @param seconds 0 takes it away */
export function storePosition(id: string, seconds: number, at = Date.now()): void {
  try {
    const kept = withPosition(loadPositions(), { id, seconds, at });
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch (error) {
    console.debug('sfumato: the position cannot be kept', error);
  }
}
