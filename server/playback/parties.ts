import { randomBytes } from 'node:crypto';
import {
  type Asset,
  type PartySteering,
  type PartyEnd,
  SfumatoError,
} from '../../signaling/contract/index.ts';
import { Party, type SessionPlace, type SteeredSession } from './party.ts';

export interface PartiesOptions {
  /** The server's clock, as `readClock` tells it: milliseconds. */
  now?: () => number;
  /** How long a party is kept when nobody is there, milliseconds. */
  keptMs?: number;
}

export interface NewParty {
  asset: Pick<Asset, 'id' | 'kind' | 'watchable' | 'duration'>;
  steering: PartySteering;
  /** Where it begins, seconds. */
  position: number;
  /** Who makes it: an account's or token's id. */
  ownerId: string;
}

const KEPT_MS = 5 * 60_000;
const MAX_PARTIES = 1_000;
/** Of one account or token. */
const MAX_PARTIES_OF_ONE = 20;
/** 128 bits. */
const ID_BYTES = 16;

/** Everybody who watches something together. In memory of this process: a party lives on one node, and ends with it. */
export class Parties {
  readonly #now: () => number;
  readonly #keptMs: number;
  readonly #parties = new Map<string, Party>();

  constructor({ now = serverNowMs, keptMs = KEPT_MS }: PartiesOptions = {}) {
    this.#now = now;
    this.#keptMs = keptMs;
  }

  get count(): number {
    return this.#parties.size;
  }

  /** @throws SfumatoError `conflict` for what cannot be watched on a timeline; `overloaded`, `tooMany` */
  create({ asset, steering, position, ownerId }: NewParty): { party: Party; hostKey: string } {
    const duration = durationOf(asset);
    this.#demandRoom(ownerId);
    const [id, hostKey] = [newKey(), newKey()];
    const party = new Party({
      ...{ id, assetId: asset.id, duration, hostKey, ownerId, steering, position },
      ...{ keptMs: this.#keptMs, now: this.#now },
      onEnded: () => this.#parties.delete(id),
    });
    this.#parties.set(id, party);
    return { party, hostKey };
  }

  /** @throws SfumatoError `notFound` */
  get(id: string): Party {
    const party = this.#parties.get(id);
    if (party !== undefined) return party;
    throw new SfumatoError('notFound', 'There is no such party.', {
      hint: 'A party ends some minutes after the last one has left.',
    });
  }

  /** Has a Session steered by a party. @throws SfumatoError `notFound`; `conflict` where that watches something else */
  admit(id: string, assetId: string, session: SteeredSession): SessionPlace {
    const party = this.get(id);
    if (party.assetId === assetId) return party.admit(session);
    throw new SfumatoError('conflict', 'This party watches something else.');
  }

  /** To be told what happens to Assets. */
  assetsChanged({ type, ids }: { type: string; ids: readonly string[] }): void {
    for (const party of this.#parties.values()) {
      if (type === 'deleted' && ids.includes(party.assetId)) party.close('gone');
    }
  }

  /** Idempotent. */
  close(reason: PartyEnd = 'stopped'): void {
    for (const party of this.#parties.values()) party.close(reason);
  }

  #demandRoom(ownerId: string): void {
    if (this.#parties.size >= MAX_PARTIES) {
      throw new SfumatoError('overloaded', 'There are too many parties on this server.', {
        hint: 'One that nobody is at ends after some minutes.',
      });
    }
    const own = [...this.#parties.values()].filter((party) => party.ownerId === ownerId);
    if (own.length < MAX_PARTIES_OF_ONE) return;
    throw new SfumatoError('tooMany', `You have ${MAX_PARTIES_OF_ONE} parties already.`, {
      hint: 'End one of them, or wait: one that nobody is at ends after some minutes.',
    });
  }
}

/** What `readClock` tells: monotonic, and the same on every thread. */
export function serverNowMs(): number {
  return performance.timeOrigin + performance.now();
}

function durationOf({ kind, watchable, duration }: NewParty['asset']): number {
  if (watchable && kind !== 'image' && duration !== undefined) return duration;
  throw new SfumatoError(
    'conflict',
    'This cannot be watched together: it has no time, or none yet.',
  );
}

function newKey(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}
