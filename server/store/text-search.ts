import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Database } from './database.ts';
import { kindOf } from './dialect.ts';

/**
 * Full-text search over Assets: SQLite's FTS5, PostgreSQL's tsvector. Both are given words that are letters and
 * digits in one normal form, and find what has a word beginning with each of those that are asked for.
 *
 * @param words distinct
 */
export async function indexWords(
  db: Database,
  seq: number,
  words: readonly string[],
): Promise<void> {
  const text = words.join(' ');
  await (kindOf(db) === 'postgres'
    ? sql`insert into "assetSearch" (seq, words)
        values (${seq}, array_to_tsvector(string_to_array(${text}, ' ')))
        on conflict (seq) do update set words = excluded.words`.execute(db)
    : sql`insert or replace into "assetSearch" (rowid, words) values (${seq}, ${text})`.execute(
        db,
      ));
}

/** A query for the `seq` of Assets. */
export type SeqQuery = RawBuilder<unknown>;

/** @param words at least one */
export function seqsWithWords(db: Database, words: readonly string[]): SeqQuery {
  if (kindOf(db) === 'postgres') {
    const query = words.map((word) => `'${word}':*`).join(' & ');
    return sql`select seq from "assetSearch" where words @@ ${query}::tsquery`;
  }
  const query = words.map((word) => `"${word}"*`).join(' ');
  return sql`select rowid from "assetSearch" where "assetSearch" match ${query}`;
}

/** @param tag as tags are compared */
export function seqsWithTag(tag: string): SeqQuery {
  return sql`select seq from "assetTags" where tag = ${tag}`;
}

/** More than so many are faster looked up on the way along the order than put into it. */
const MANY = 4_000;

/**
 * The condition that an Asset is among these. SQLite knows nothing of their number and would always begin with
 * them, and sort what it finds: where they are many, it is told to walk along the order (the `+` keeps it from
 * looking up, https://sqlite.org/optoverview.html section 3). PostgreSQL knows by its statistics.
 *
 * @param bySeq whether they are wanted in the order of `seq`, in which they come anyway
 */
export async function among(
  db: Database,
  seqs: SeqQuery,
  bySeq: boolean,
): Promise<RawBuilder<SqlBool>> {
  if (kindOf(db) === 'sqlite' && !bySeq && (await areMany(db, seqs))) {
    return sql<SqlBool>`+assets.seq in (${seqs})`;
  }
  return sql<SqlBool>`assets.seq in (${seqs})`;
}

async function areMany(db: Database, seqs: SeqQuery): Promise<boolean> {
  const counting = sql<{ count: number }>`select count(*) as count from (${seqs} limit ${MANY})`;
  const { rows } = await counting.execute(db);
  return rows[0]?.count === MANY;
}
