import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import type { Database } from '../../store/database.ts';
import type { PlaybackKeyRow } from '../../store/tables.ts';
import { MAX_TOKEN_SECONDS } from './claims.ts';

/** RFC 8037: Ed25519. */
export const OWN_ALGORITHM = 'EdDSA';

const jwkSchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string().optional(),
});

export interface PlaybackKey {
  id: string;
  key: CryptoKey;
}

/**
 * The key pairs that our own playback tokens are signed with. The first is made at the first need; another can be
 * made at any time, and those before it go on to be believed for as long as their tokens may last.
 */
export class OwnKeys {
  readonly #db: Database;
  readonly #now: () => number;
  /** By id and kind: keys are never changed. */
  readonly #imported = new Map<string, Promise<CryptoKey>>();
  #making: Promise<PlaybackKeyRow> | undefined;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** The one that signs. */
  async signer(): Promise<PlaybackKey> {
    const row = (await this.#newest()) ?? (await this.#first());
    return { id: row.id, key: await this.#import(`${row.id} private`, row.privateJwk) };
  }

  /** By which a signature is looked at; undefined where there is none of that name any more. */
  async verifier(id: string): Promise<CryptoKey | undefined> {
    const row = await this.#db
      .selectFrom('playbackKeys')
      .select(['id', 'publicJwk'])
      .where('id', '=', id)
      .where((key) =>
        key.or([key('retiredAt', 'is', null), key('retiredAt', '>=', this.#oldest())]),
      )
      .executeTakeFirst();
    return row && (await this.#import(`${row.id} public`, row.publicJwk));
  }

  /** What others look at our signatures by, the one that signs first (RFC 7517). */
  async publicKeys(): Promise<JWK[]> {
    await this.signer();
    const rows = await this.#db
      .selectFrom('playbackKeys')
      .select(['id', 'publicJwk'])
      .where((key) =>
        key.or([key('retiredAt', 'is', null), key('retiredAt', '>=', this.#oldest())]),
      )
      .orderBy('createdAt', 'desc')
      .orderBy('id')
      .execute();
    return rows.map(({ id, publicJwk }) => ({
      ...parse(publicJwk),
      ...{ kid: id, alg: OWN_ALGORITHM, use: 'sig' },
    }));
  }

  /**
   * Another key signs from now on.
   *
   * @param endEarlier nothing that was signed before holds any longer: a key became known to somebody
   * @returns the ids of keys that hold no longer
   */
  async rotate(endEarlier: boolean): Promise<string[]> {
    return await this.#db.transaction().execute(async (trx) => {
      const earlier = await trx.selectFrom('playbackKeys').select('id').execute();
      if (endEarlier) await trx.deleteFrom('playbackKeys').execute();
      else await this.#retire(trx);
      await this.#make(trx);
      return endEarlier ? earlier.map(({ id }) => id) : [];
    });
  }

  /** Those of which no token can be left. */
  async deleteOld(): Promise<void> {
    await this.#db.deleteFrom('playbackKeys').where('retiredAt', '<', this.#oldest()).execute();
  }

  async #newest(): Promise<PlaybackKeyRow | undefined> {
    return await this.#db
      .selectFrom('playbackKeys')
      .selectAll()
      .where('retiredAt', 'is', null)
      .orderBy('createdAt', 'desc')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
  }

  /** Many may need it at the same time. */
  #first(): Promise<PlaybackKeyRow> {
    this.#making ??= this.#make(this.#db).finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  async #retire(db: Database): Promise<void> {
    await db
      .updateTable('playbackKeys')
      .set({ retiredAt: this.#iso() })
      .where('retiredAt', 'is', null)
      .execute();
  }

  async #make(db: Database): Promise<PlaybackKeyRow> {
    const { publicKey, privateKey } = await generateKeyPair(OWN_ALGORITHM, { extractable: true });
    const publicJwk = await exportJWK(publicKey);
    const row: PlaybackKeyRow = {
      id: await calculateJwkThumbprint(publicJwk),
      publicJwk: JSON.stringify(publicJwk),
      privateJwk: JSON.stringify(await exportJWK(privateKey)),
      createdAt: this.#iso(),
      retiredAt: null,
    };
    await db.insertInto('playbackKeys').values(row).execute();
    return row;
  }

  #import(name: string, jwk: string): Promise<CryptoKey> {
    const known = this.#imported.get(name);
    if (known !== undefined) return known;
    const imported = asCryptoKey(jwk);
    this.#imported.set(name, imported);
    return imported;
  }

  /** Of what was retired before then no token can be left: whoever has found such a key signs nothing with it. */
  #oldest(): string {
    return new Date(this.#now() - 2 * MAX_TOKEN_SECONDS * 1000).toISOString();
  }

  #iso(): string {
    return new Date(this.#now()).toISOString();
  }
}

function parse(text: string) {
  return jwkSchema.parse(JSON.parse(text));
}

async function asCryptoKey(text: string): Promise<CryptoKey> {
  const key = await importJWK(parse(text), OWN_ALGORITHM);
  if (key instanceof Uint8Array) throw new TypeError('a key pair was expected, not a secret');
  return key;
}
