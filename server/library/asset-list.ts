import { z } from 'zod';
import {
  type AssetKind,
  type AssetState,
  SfumatoError,
  type Visibility,
} from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import { beyond, column, type Keyset } from '../store/keyset.ts';
import type { AssetRow } from '../store/tables.ts';
import { among, seqsWithTag, seqsWithWords } from '../store/text-search.ts';
import type { Reader } from './reader.ts';
import { questionWords, tagKey } from './words.ts';

export const ASSET_SORTS = [
  'newest',
  'oldest',
  'title',
  'longest',
  'shortest',
  'collection',
] as const;
export type AssetSort = (typeof ASSET_SORTS)[number];

/** What is to be listed: what fits everything that is named. */
export interface AssetQuery {
  /** Each of its words begins a word of title, description, tags or captions; case and accents do not count. */
  text?: string | undefined;
  kind?: AssetKind | undefined;
  state?: AssetState | undefined;
  visibility?: Visibility | undefined;
  /** It has all of them. */
  tags?: readonly string[] | undefined;
  /** The collection's id; not those in it. */
  collection?: string | undefined;
  owner?: string | undefined;
  /** SHA-256, hexadecimal. */
  checksum?: string | undefined;
  /** `collection`, the order that people gave it, where one is named; else `newest`. */
  sort?: AssetSort | undefined;
  /** Where the page before ended. */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Every order ends with `seq`, which no two have in common. */
const ORDERS: Record<AssetSort, Keyset> = {
  newest: { columns: ['assets.seq'], direction: 'desc' },
  oldest: { columns: ['assets.seq'], direction: 'asc' },
  title: { columns: ['assets.titleKey', 'assets.seq'], direction: 'asc' },
  longest: { columns: ['assets.duration', 'assets.seq'], direction: 'desc' },
  shortest: { columns: ['assets.duration', 'assets.seq'], direction: 'asc' },
  collection: { columns: ['item.position', 'assets.seq'], direction: 'asc' },
};

const DEFAULT_LIMIT = 50;

const cursorSchema = z.object({
  sort: z.enum(ASSET_SORTS),
  /** Of the order's columns. */
  after: z.array(z.union([z.string().max(1000), z.number()])).max(2),
});

/** Rows of a page, and where it ended where there are more. */
export interface RowPage {
  rows: AssetRow[];
  cursor: string | undefined;
}

/** @throws SfumatoError `badRequest` for a cursor that is none of ours, or an order that there is not */
export async function listRows(db: Database, query: AssetQuery, reader: Reader): Promise<RowPage> {
  const { collection, limit = DEFAULT_LIMIT } = query;
  const sort = query.sort ?? (collection === undefined ? 'newest' : 'collection');
  if (sort === 'collection' && collection === undefined) throw orderOfNothing();
  const words = questionWords(query.text ?? '');
  // It asks for something, but not for words.
  if (words.length === 0 && (query.text ?? '').trim() !== '')
    return { rows: [], cursor: undefined };
  const order = ORDERS[sort];
  let select = selectPage(db, collection).where((row) => fits(row, query, reader));
  for (const seqs of [
    ...(words.length > 0 ? [seqsWithWords(db, words)] : []),
    ...(query.tags ?? []).map((tag) => seqsWithTag(tagKey(tag))),
  ]) {
    const isAmong = await among(db, seqs, order.columns.length === 1);
    select = select.where(() => isAmong);
  }
  if (query.cursor !== undefined) {
    const after = readCursor(query.cursor, sort);
    select = select.where(() => beyond(order, after));
  }
  for (const name of order.columns) select = select.orderBy(column(name), order.direction);
  const rows = await select.limit(limit + 1).execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { rows: rows.slice(0, limit), cursor: last && writeCursor(sort, last) };
}

/** What everybody may find, the newest first: names and times only. */
export async function listForEverybody(
  db: Database,
  atMost: number,
): Promise<{ id: string; updatedAt: string }[]> {
  return await db
    .selectFrom('assets')
    .select(['id', 'updatedAt'])
    .where((row) => isPublicNow(row, ['public']))
    .orderBy('seq', 'desc')
    .limit(atMost)
    .execute();
}

function selectPage(db: Database, collection: string | undefined) {
  return db
    .selectFrom('assets')
    .selectAll('assets')
    .$if(collection !== undefined, (assets) =>
      assets
        .innerJoin('collectionItems as item', 'item.seq', 'assets.seq')
        .where('item.collectionId', '=', collection ?? '')
        .select('item.position'),
    );
}

type Select = ReturnType<typeof selectPage>;
type Row = Parameters<Extract<Parameters<Select['where']>[0], (row: never) => unknown>>[0];

function fits(row: Row, query: AssetQuery, reader: Reader) {
  const { kind, state, visibility, owner, checksum } = query;
  return row.and([
    ...mayBeFound(row, reader),
    ...(kind === undefined ? [] : [row('assets.kind', '=', kind)]),
    ...(state === undefined ? [] : [row('assets.state', '=', state)]),
    ...(visibility === undefined ? [] : [row('assets.visibility', '=', visibility)]),
    ...(owner === undefined ? [] : [row('assets.ownerId', '=', owner)]),
    ...(checksum === undefined ? [] : [row('assets.checksum', '=', checksum)]),
  ]);
}

/** `mayFind` as conditions. */
function mayBeFound(row: Row, { id, role, proof }: Reader) {
  if (role === 'administrator') return [];
  const others =
    role === 'reader'
      ? row('assets.visibility', '<>', 'private')
      : isPublicNow(row, proof?.isSignedIn === true ? ['public', 'signedIn'] : ['public']);
  return [id === undefined ? others : row.or([others, row('assets.ownerId', '=', id)])];
}

/** What strangers find: what is theirs to watch, at this time. */
function isPublicNow(row: Row, visibilities: Visibility[]) {
  const now = new Date().toISOString();
  return row.and([
    row('assets.visibility', 'in', visibilities),
    row('assets.watchable', '=', 1),
    row.or([row('assets.startsAt', 'is', null), row('assets.startsAt', '<=', now)]),
    row.or([row('assets.endsAt', 'is', null), row('assets.endsAt', '>', now)]),
  ]);
}

function readCursor(text: string, sort: AssetSort): (string | number)[] {
  try {
    const cursor = cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (cursor.sort === sort && cursor.after.length === ORDERS[sort].columns.length) {
      return cursor.after;
    }
  } catch (cause) {
    throw wrongCursor(cause);
  }
  throw wrongCursor(undefined);
}

function writeCursor(sort: AssetSort, row: AssetRow & { position?: number | undefined }): string {
  const keys: Record<AssetSort, (string | number)[]> = {
    newest: [],
    oldest: [],
    title: [row.titleKey],
    longest: [row.duration],
    shortest: [row.duration],
    collection: [row.position ?? 0],
  };
  const cursor = { sort, after: [...keys[sort], row.seq] };
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function wrongCursor(cause: unknown): SfumatoError {
  return new SfumatoError('badRequest', 'The cursor is none of this list.', {
    cause,
    hint: 'Send the cursor of the page before, with the same order; the first page needs none.',
  });
}

function orderOfNothing(): SfumatoError {
  return new SfumatoError('badRequest', 'Only in a collection there is an order of a collection.');
}
