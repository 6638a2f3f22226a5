import type { Logger } from 'pino';
import type { Database } from '../../store/database.ts';
import { MAX_TOKEN_SECONDS } from './claims.ts';

/** Told which passes hold no longer. */
export type RevocationListener = (isRevoked: (passId: string) => boolean) => void;

export interface RevocationsOptions {
  db: Database;
  log: Logger;
  now: () => number;
  /** Other nodes share the database: it is looked there this often, milliseconds. */
  lookEveryMs?: number | undefined;
}

const SWEEP_EVERY_MS = 10 * 60_000;

/** Passes that were taken back before their time: remembered until they would have expired anyway. */
export class Revocations {
  readonly #options: RevocationsOptions;
  readonly #listeners = new Set<RevocationListener>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** What listeners have heard of, where there are looks: rows' ids. */
  #told = new Set<string>();
  #isLooking = false;

  constructor(options: RevocationsOptions) {
    this.#options = options;
    const { lookEveryMs } = options;
    this.#every(SWEEP_EVERY_MS, () => this.sweep());
    if (lookEveryMs !== undefined) this.#every(lookEveryMs, () => this.#look());
  }

  async has(passId: string): Promise<boolean> {
    const row = await this.#options.db
      .selectFrom('playbackRevocations')
      .select('id')
      .where('id', 'in', rowsOf(passId))
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async add(passId: string): Promise<void> {
    await this.#add([ofPass(passId)]);
  }

  /** Of every pass that was signed with one of these. */
  async addKeys(keyIds: readonly string[]): Promise<void> {
    if (keyIds.length > 0) await this.#add(keyIds.map(ofKey));
  }

  /** The returned function stops it. */
  on(listener: RevocationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What has expired needs no remembering. */
  async sweep(): Promise<void> {
    const now = new Date(this.#options.now()).toISOString();
    for (const table of ['playbackRevocations', 'playbackTokens'] as const) {
      await this.#options.db.deleteFrom(table).where('expiresAt', '<=', now).execute();
    }
  }

  /** Idempotent. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#listeners.clear();
  }

  /** Of tokens that others made, nobody knows here how long they last: at most so long. */
  async #add(ids: readonly string[]): Promise<void> {
    const lastMs = this.#options.now() + 2 * MAX_TOKEN_SECONDS * 1000;
    const expiresAt = new Date(lastMs).toISOString();
    await this.#options.db
      .insertInto('playbackRevocations')
      .values(ids.map((id) => ({ id, expiresAt })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (this.#options.lookEveryMs !== undefined) for (const id of ids) this.#told.add(id);
    this.#tell(new Set(ids));
  }

  #tell(revoked: ReadonlySet<string>): void {
    for (const listener of this.#listeners) listener((passId) => covers(revoked, passId));
  }

  /** What other nodes have taken back. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const rows = await this.#options.db.selectFrom('playbackRevocations').select('id').execute();
      const there = new Set(rows.map(({ id }) => id));
      const fresh = [...there].filter((id) => !this.#told.has(id));
      this.#told = there;
      if (fresh.length > 0) this.#tell(new Set(fresh));
    } finally {
      this.#isLooking = false;
    }
  }

  #every(ms: number, work: () => Promise<void>): void {
    const { log } = this.#options;
    const run = () =>
      void work().catch((err: unknown) => log.warn({ err }, 'revoked passes could not be read'));
    this.#timers.push(setInterval(run, ms).unref());
  }
}

function ofPass(passId: string): string {
  return `pass:${passId}`;
}

function ofKey(keyId: string): string {
  return `key:${keyId}`;
}

/** What revokes this pass. Ids of our own begin with the key that signed them, and a dot. */
function rowsOf(passId: string): string[] {
  const [keyId = '', rest] = passId.split('.', 2);
  return rest === undefined ? [ofPass(passId)] : [ofPass(passId), ofKey(keyId)];
}

function covers(revoked: ReadonlySet<string>, passId: string): boolean {
  return rowsOf(passId).some((row) => revoked.has(row));
}
