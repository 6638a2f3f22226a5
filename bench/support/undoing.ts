/** What has to be ended once more, in the order that it was begun in. */
export type Undo = (() => Promise<unknown>)[];

/** Does something that begins one thing after the other, and ends them all, last begun first, however it goes. */
export async function undoing<T>(act: (undo: Undo) => Promise<T>): Promise<T> {
  const undo: Undo = [];
  try {
    return await act(undo);
  } finally {
    for (const end of undo.toReversed()) await end();
  }
}
