/** Which of a list are selected, and where a range begins. */
export type Selection = { readonly ids: ReadonlySet<string>; readonly anchor: string | null };

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: null };

/** The API changes so many in one request. */
export const BATCH = 200;

/**
 * One is switched; with `range` all from the last one that was switched on get its new state.
 *
 * @param shown ids in the order in which they are seen
 */
export function switched(
  selection: Selection,
  shown: readonly string[],
  id: string,
  range: boolean,
): Selection {
  const on = !selection.ids.has(id);
  const ids = new Set(selection.ids);
  for (const one of range ? between(shown, selection.anchor, id) : [id]) {
    if (on) ids.add(one);
    else ids.delete(one);
  }
  return { ids, anchor: id };
}

function between(shown: readonly string[], from: string | null, to: string): readonly string[] {
  const [start, end] = [from === null ? -1 : shown.indexOf(from), shown.indexOf(to)];
  if (start === -1 || end === -1) return [to];
  return shown.slice(Math.min(start, end), Math.max(start, end) + 1);
}

export function allOf(shown: readonly string[]): Selection {
  return { ids: new Set(shown), anchor: null };
}

/** Without those that are not there any more. */
export function stillThere(selection: Selection, shown: readonly string[]): Selection {
  const there = new Set(shown);
  const ids = new Set([...selection.ids].filter((id) => there.has(id)));
  return ids.size === selection.ids.size ? selection : { ids, anchor: selection.anchor };
}

/** In portions that one request takes. */
export function portions(ids: readonly string[], size = BATCH): string[][] {
  const count = Math.ceil(ids.length / size);
  return Array.from({ length: count }, (_, index) => ids.slice(index * size, (index + 1) * size));
}

/** What an Asset moves before when it goes one step in its collection. @returns undefined where it leads nowhere */
export function itemBefore(
  shown: readonly string[],
  id: string,
  step: 'earlier' | 'later',
): string | null | undefined {
  const index = shown.indexOf(id);
  if (index === -1) return undefined;
  if (step === 'earlier') return index === 0 ? undefined : shown[index - 1];
  return index === shown.length - 1 ? undefined : (shown[index + 2] ?? null);
}
