import { z } from 'zod';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import type { Database } from '../../store/database.ts';
import { beyond } from '../../store/keyset.ts';
import type { PlaybackTokenRow } from '../../store/tables.ts';

/** A playback token as it is listed: never the token itself. */
export interface IssuedToken {
  id: string;
  thingId: string;
  subject: string | null;
  sites: string[] | null;
  createdBy: string;
  createdAt: string;
  expiresAt: string;
}

export interface TokenPage {
  tokens: IssuedToken[];
  /** Leads to the next page; null where there is none. */
  cursor: string | null;
}

export interface TokenPageRequest {
  /** Only those for this thing. */
  thingId?: string | undefined;
  /** Of the page before. */
  cursor?: string | undefined;
}

const PAGE = 100;
const ORDER = { columns: ['createdAt', 'id'], direction: 'desc' } as const;
const cursorSchema = z.tuple([z.iso.datetime(), z.string()]);

/** What was issued and has not expired. */
export class IssuedTokens {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async add(token: {
    id: string;
    thingId: string;
    subject: string | undefined;
    sites: readonly string[] | undefined;
    createdBy: string;
    expiresAt: string;
  }): Promise<void> {
    const { id, thingId, subject = null, sites, createdBy, expiresAt } = token;
    const row: PlaybackTokenRow = {
      ...{ id, thingId, subject, createdBy, expiresAt },
      sites: sites === undefined ? null : JSON.stringify(sites),
      createdAt: this.#iso(),
    };
    await this.#db.insertInto('playbackTokens').values(row).execute();
  }

  /** The newest first. @throws SfumatoError `badRequest` for a cursor that is none of ours */
  async list({ thingId, cursor }: TokenPageRequest): Promise<TokenPage> {
    let query = this.#db
      .selectFrom('playbackTokens')
      .selectAll()
      .where('expiresAt', '>', this.#iso())
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(PAGE + 1);
    if (thingId !== undefined) query = query.where('thingId', '=', thingId);
    if (cursor !== undefined) query = query.where(beyond(ORDER, readCursor(cursor)));
    const rows = await query.execute();
    const last = rows.length > PAGE ? rows[PAGE - 1] : undefined;
    return { tokens: rows.slice(0, PAGE).map(asIssued), cursor: last ? writeCursor(last) : null };
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('playbackTokens').where('id', '=', id).execute();
  }

  async removeAll(): Promise<void> {
    await this.#db.deleteFrom('playbackTokens').execute();
  }

  #iso(): string {
    return new Date(this.#now()).toISOString();
  }
}

function asIssued({ sites, ...row }: PlaybackTokenRow): IssuedToken {
  return { ...row, sites: sites === null ? null : z.array(z.string()).parse(JSON.parse(sites)) };
}

function writeCursor({ createdAt, id }: PlaybackTokenRow): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

function readCursor(text: string): [string, string] {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new SfumatoError('badRequest', 'The cursor is none of this list.');
  }
}
