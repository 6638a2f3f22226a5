import { type Asset, OPEN_RULES, type Visibility } from '../../signaling/contract/index.ts';
import {
  type Asker,
  type Guarded as GuardedThing,
  mayBeListed,
  mayWatch,
  type Verdict,
} from '../rights/may-watch.ts';
import { rulesOf } from '../store/rules-columns.ts';
import type { RulesColumns } from '../store/tables.ts';

/** Whoever asks the library for something. */
export interface Reader {
  /** Of the account or token, by which its own things are known. */
  id: string | undefined;
  /**
   * `stranger`: sees what is public. `reader` (`library:read`): also what is unlisted, and how things were made.
   * `administrator`: everything.
   */
  role: 'stranger' | 'reader' | 'administrator';
  /** What else was shown: nothing, where it is not there. */
  proof?: Proof;
}

export type Proof = Pick<Asker, 'isSignedIn' | 'pass' | 'site'>;

export const STRANGER: Reader = { id: undefined, role: 'stranger' };

/** The server itself, at its own work. */
export const SERVER: Reader = { id: undefined, role: 'administrator' };

const NOTHING_SHOWN: Proof = { isSignedIn: false, pass: undefined, site: undefined };

/** Who made something. */
export interface Owner {
  id: string;
  name: string;
}

/** What counts for the question who may see something. Of a collection there is no more than this. */
export interface Guarded {
  visibility: Visibility;
  ownerId: string | null;
}

/** What counts of an Asset. */
export type GuardedAsset = Guarded & Omit<RulesColumns, 'watchPasswordHash'> & { id: string };

/** May it be seen by whoever has its address? @param defaultSites that may embed what has no list of its own */
export function mayWatchAsset(
  reader: Reader,
  asset: GuardedAsset,
  defaultSites: readonly string[],
): Verdict {
  return mayWatch(asThing(asset, defaultSites), askerOf(reader, asset), Date.now());
}

export function asThing(asset: GuardedAsset, defaultSites: readonly string[]): GuardedThing {
  const { id, passwordVersion } = asset;
  return { id, passwordVersion, defaultSites, rules: rulesOf(asset) };
}

/** As the one function knows whoever asks. */
export function askerOf(reader: Reader, thing: Pick<Guarded, 'ownerId'>): Asker {
  return {
    ...(reader.proof ?? NOTHING_SHOWN),
    mayChange: mayChange(reader, thing),
    mayRead: reader.role !== 'stranger',
  };
}

/** May a collection be seen by whoever has its address? Only `private` shuts somebody out. */
export function maySee(reader: Reader, { visibility, ownerId }: Guarded): boolean {
  return visibility !== 'private' || mayChange(reader, { ownerId });
}

/** May it stand in lists and be found? What cannot be watched is nothing to strangers. */
export function mayFind(
  reader: Reader,
  thing: Guarded & Partial<GuardedAsset> & { watchable: boolean },
): boolean {
  const asker = askerOf(reader, thing);
  if (reader.role === 'stranger' && !asker.mayChange && !thing.watchable) return false;
  const { visibility, startsAt = null, endsAt = null } = thing;
  // Where a list is shown is another question than where its things are.
  const rules = { ...OPEN_RULES, visibility, startsAt, endsAt };
  const guarded = { id: thing.id ?? '', rules, passwordVersion: 0, defaultSites: ['*'] };
  return mayBeListed(guarded, asker, Date.now());
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
