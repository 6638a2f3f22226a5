import type { AuditEntry } from '../../../signaling/contract/index.ts';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { z } from 'zod';
import type { Database } from '../../store/database.ts';
import { beyond } from '../../store/keyset.ts';
import type { AuditEntryRow } from '../../store/tables.ts';
import type { AuditAction } from './actions.ts';
import { newEntryId } from './entry-id.ts';

export interface NewAuditEntry {
  action: AuditAction;
  /** The name of whoever did it; undefined where nobody was known. */
  actor?: string | undefined;
  /** From where. */
  address?: string | undefined;
  target?: string | undefined;
  /** Never a secret. */
  details?: AuditEntry['details'] | undefined;
}

export interface AuditQuery {
  /** An action, or what stands before its dot. */
  action?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** What is too old is swept away at most this often. */
const SWEEP_MS = 60 * 60 * 1000;

const cursorSchema = z.tuple([z.iso.datetime(), z.string()]);
const detailsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What was done that changes who may do what, or takes something away. It is added to, and never changed. */
export class Audit {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #keepMs: number;
  #sweptMs = Number.NEGATIVE_INFINITY;

  /** @param keepDays for how long it is kept */
  constructor(db: Database, { keepDays, now }: { keepDays: number; now: () => number }) {
    this.#db = db;
    this.#now = now;
    this.#keepMs = keepDays * DAY_MS;
  }

  async write({ action, actor, address, target, details = {} }: NewAuditEntry): Promise<void> {
    await this.#sweep();
    const nowMs = this.#now();
    const row: AuditEntryRow = {
      ...{ id: newEntryId(), at: new Date(nowMs).toISOString(), action },
      ...{ actor: actor ?? null, address: address ?? null, target: target ?? null },
      details: JSON.stringify(details),
    };
    await this.#db.insertInto('auditEntries').values(row).execute();
  }

  /** Newest first. @throws SfumatoError `badRequest` for a cursor that is none of ours */
  async list({ action, cursor, limit }: AuditQuery): Promise<{
    entries: AuditEntry[];
    cursor: string | null;
  }> {
    const keyset = { columns: ['at', 'id'], direction: 'desc' } as const;
    let query = this.#db.selectFrom('auditEntries').selectAll();
    query = query.where('at', '>', this.#oldest());
    if (cursor !== undefined) query = query.where(beyond(keyset, readCursor(cursor)));
    if (action !== undefined) {
      query = query.where((row) =>
        row.or([row('action', '=', action), row('action', 'like', `${action}.%`)]),
      );
    }
    const rows = await query
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return { entries: page.map(asEntry), cursor: last === undefined ? null : writeCursor(last) };
  }

  async #sweep(): Promise<void> {
    const nowMs = this.#now();
    if (nowMs - this.#sweptMs < SWEEP_MS) return;
    this.#sweptMs = nowMs;
    await this.#db.deleteFrom('auditEntries').where('at', '<=', this.#oldest()).execute();
  }

  #oldest(): string {
    return new Date(this.#now() - this.#keepMs).toISOString();
  }
}

function asEntry({ details, ...row }: AuditEntryRow): AuditEntry {
  return { ...row, details: detailsSchema.parse(JSON.parse(details)) };
}

function writeCursor({ at, id }: AuditEntryRow): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

function readCursor(text: string): [string, string] {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch (cause) {
    throw new SfumatoError('badRequest', 'The cursor is none of this list.', { cause });
  }
}
