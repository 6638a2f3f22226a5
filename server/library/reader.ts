import type { Asset, Visibility } from '../../signaling/contract/index.ts';

/** Whoever asks the library for something. */
export interface Reader {
  /** Of the account or token, by which its own things are known. */
  id: string | undefined;
  /**
   * `stranger`: sees what is public. `reader` (`library:read`): also what is unlisted, and how things were made.
   * `administrator`: everything.
   */
  role: 'stranger' | 'reader' | 'administrator';
}

export const STRANGER: Reader = { id: undefined, role: 'stranger' };

/** The server itself, at its own work. */
export const SERVER: Reader = { id: undefined, role: 'administrator' };

/** Who made something. */
export interface Owner {
  id: string;
  name: string;
}

/** What counts for the question who may see something. */
export interface Guarded {
  visibility: Visibility;
  ownerId: string | null;
}

/** May it be seen by whoever has its address? */
export function maySee(reader: Reader, { visibility, ownerId }: Guarded): boolean {
  return visibility !== 'private' || mayChange(reader, { ownerId });
}

/** May it stand in lists and be found? What cannot be watched is nothing to strangers. */
export function mayFind(reader: Reader, thing: Guarded & { watchable: boolean }): boolean {
  if (mayChange(reader, thing)) return true;
  if (reader.role === 'stranger') return thing.visibility === 'public' && thing.watchable;
  return thing.visibility !== 'private';
}

/** Whether one may change anything at all is a question of scopes, and asked before. */
export function mayChange({ id, role }: Reader, { ownerId }: Pick<Guarded, 'ownerId'>): boolean {
  return role === 'administrator' || (id !== undefined && id === ownerId);
}

/** An Asset as it is shown: who made it of what is nothing to strangers. */
export function asShownTo(reader: Reader, asset: Asset): Asset {
  if (reader.role !== 'stranger' || mayChange(reader, { ownerId: asset.owner?.id ?? null })) {
    return asset;
  }
  const { owner: _owner, originalName: _name, checksum: _checksum, ...shown } = asset;
  return shown;
}
