import type { Collection } from '../../../signaling/contract/index.ts';

/** A collection with those that are in it. */
export type Branch = { collection: Collection; branches: Branch[] };

/** Where a collection goes: into which, and before which (null: at the end). */
export type Place = { parentId: string | null; before: string | null };

/** The list keeps its order. Whose parent is not there stands at the top. */
export function treeOf(collections: readonly Collection[]): Branch[] {
  const ids = new Set(collections.map(({ id }) => id));
  const below = (parent: string | null): Branch[] =>
    collections
      .filter(
        ({ parentId }) => (parentId !== null && ids.has(parentId) ? parentId : null) === parent,
      )
      .map((collection) => ({ collection, branches: below(collection.id) }));
  return below(null);
}

/** In the order in which they are read, with their depth. */
export function flat(
  tree: readonly Branch[],
  depth = 0,
): { collection: Collection; depth: number }[] {
  return tree.flatMap(({ collection, branches }) => [
    { collection, depth },
    ...flat(branches, depth + 1),
  ]);
}

/** The way to it from the top, itself last. */
export function pathTo(collections: readonly Collection[], id: string): Collection[] {
  const path: Collection[] = [];
  let next = collections.find((one) => one.id === id);
  while (next !== undefined && !path.includes(next)) {
    path.unshift(next);
    const { parentId } = next;
    next = collections.find((one) => one.id === parentId);
  }
  return path;
}

/** Itself and everything in it: where it cannot be put. */
export function withinIt(collections: readonly Collection[], id: string): Set<string> {
  return new Set(
    collections
      .filter((one) => pathTo(collections, one.id).some((step) => step.id === id))
      .map((one) => one.id),
  );
}

export const MOVES = ['up', 'down', 'out'] as const;
export type Move = (typeof MOVES)[number];

/** Where one step leads: among its neighbours, or out of its parent and behind that. @returns null where it leads nowhere */
export function placeAfter(
  collections: readonly Collection[],
  id: string,
  move: Move,
): Place | null {
  const own = collections.find((one) => one.id === id);
  if (own === undefined) return null;
  if (move === 'out') return placeBehindParent(collections, own);
  const { parentId } = own;
  const siblings = collections.filter((one) => one.parentId === parentId);
  const index = siblings.indexOf(own);
  if (move === 'up' ? index === 0 : index === siblings.length - 1) return null;
  const before = siblings[move === 'up' ? index - 1 : index + 2];
  return { parentId, before: before?.id ?? null };
}

function placeBehindParent(collections: readonly Collection[], own: Collection): Place | null {
  const parent = collections.find((one) => one.id === own.parentId);
  if (parent === undefined) return null;
  const siblings = collections.filter((one) => one.parentId === parent.parentId);
  const before = siblings[siblings.indexOf(parent) + 1];
  return { parentId: parent.parentId, before: before?.id ?? null };
}

/** Which part of a line something was dropped on. */
export type DropPart = 'before' | 'inside' | 'behind';

/** By the height within the line, from 0 to 1. */
export function dropPart(height: number): DropPart {
  if (height < 0.28) return 'before';
  return height > 0.72 ? 'behind' : 'inside';
}

/** @returns null where it would be inside of itself, or on itself */
export function placeOfDrop(
  collections: readonly Collection[],
  dragged: string,
  target: Collection,
  part: DropPart,
): Place | null {
  if (withinIt(collections, dragged).has(target.id)) return null;
  if (part === 'inside') return { parentId: target.id, before: null };
  const { parentId } = target;
  if (part === 'before') return { parentId, before: target.id };
  const siblings = collections.filter((one) => one.parentId === parentId && one.id !== dragged);
  return { parentId, before: siblings[siblings.indexOf(target) + 1]?.id ?? null };
}
