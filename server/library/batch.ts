import { type ErrorCode, SfumatoError, type Visibility } from '../../signaling/contract/index.ts';
import type { AssetDetails, Assets } from './assets.ts';
import type { Collections } from './collections.ts';
import type { Reader } from './reader.ts';
import { tagKey } from './words.ts';

/** What is to be done to many Assets. */
export interface BatchEdit {
  addTags?: readonly string[] | undefined;
  removeTags?: readonly string[] | undefined;
  visibility?: Visibility | undefined;
  /** Ids of collections. */
  addTo?: string | undefined;
  removeFrom?: string | undefined;
  /** Nothing else then. */
  delete?: boolean | undefined;
}

export interface BatchOutcome {
  /** Ids. */
  changed: string[];
  failed: { id: string; code: ErrorCode; message: string }[];
}

/** Does it to each one for itself: one that is gone or somebody else's keeps no other from it. */
export async function editBatch(
  { assets, collections }: { assets: Assets; collections: Collections },
  ids: readonly string[],
  edit: BatchEdit,
  reader: Reader,
): Promise<BatchOutcome> {
  const outcome: BatchOutcome = { changed: [], failed: [] };
  // What cannot be done to any is said of the whole.
  for (const id of [edit.addTo, edit.removeFrom]) {
    if (id !== undefined) await collections.demandChange(id, reader);
  }
  for (const id of new Set(ids)) {
    try {
      await editOne({ assets, collections }, id, edit, reader);
      outcome.changed.push(id);
    } catch (error) {
      if (!(error instanceof SfumatoError)) throw error;
      outcome.failed.push({ id, code: error.code, message: error.message });
    }
  }
  return outcome;
}

async function editOne(
  { assets, collections }: { assets: Assets; collections: Collections },
  id: string,
  edit: BatchEdit,
  reader: Reader,
): Promise<void> {
  if (edit.delete === true) return assets.delete(id, reader);
  const { addTags = [], removeTags = [], visibility, addTo, removeFrom } = edit;
  if (visibility !== undefined || addTags.length + removeTags.length > 0) {
    const changes: Partial<AssetDetails> = visibility === undefined ? {} : { visibility };
    if (addTags.length + removeTags.length > 0) {
      const { tags } = await assets.demandChange(id, reader);
      changes.tags = editTags(tags, addTags, removeTags);
    }
    await assets.update(id, changes, reader);
  }
  if (addTo !== undefined) {
    await collections.putItems(addTo, { assetIds: [id], before: null }, reader);
  }
  if (removeFrom !== undefined) await collections.removeItems(removeFrom, [id], reader);
}

/** Removed first: what is in both is there afterwards, as it is written now. */
export function editTags(
  tags: readonly string[],
  add: readonly string[],
  remove: readonly string[],
): string[] {
  const gone = new Set([...remove, ...add].map(tagKey));
  return [...tags.filter((tag) => !gone.has(tagKey(tag))), ...add];
}
