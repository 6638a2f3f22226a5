import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import { placesBetween, SPACING } from './positions.ts';
import { maySee, type Reader } from './reader.ts';

export interface Insertion {
  assetIds: readonly string[];
  /** The Asset that they shall stand before; null for the end. */
  before: string | null;
}

/**
 * Puts Assets into a collection. Whoever calls has looked at the right to change it.
 *
 * @throws SfumatoError `notFound` of an Asset, or of the one to stand before
 */
export async function putItems(
  trx: Database,
  collectionId: string,
  { assetIds, before }: Insertion,
  reader: Reader,
): Promise<void> {
  const seqs = await seqsOf(trx, [...new Set(assetIds)], reader);
  // Those that are in it already are taken out first, and stand in nobody's way then.
  await removeItems(trx, collectionId, assetIds);
  const places =
    (await roomFor(trx, collectionId, before, seqs.length)) ??
    (await renumber(trx, collectionId).then(() => roomFor(trx, collectionId, before, seqs.length)));
  const rows = seqs.map((seq, index) => ({ collectionId, seq, position: places?.[index] ?? 0 }));
  if (rows.length > 0) await trx.insertInto('collectionItems').values(rows).execute();
}

/** Those that are not in it count as removed. */
export async function removeItems(
  trx: Database,
  collectionId: string,
  assetIds: readonly string[],
): Promise<void> {
  if (assetIds.length === 0) return;
  await trx
    .deleteFrom('collectionItems')
    .where('collectionId', '=', collectionId)
    .where('seq', 'in', (row) =>
      row.selectFrom('assets').select('assets.seq').where('id', 'in', assetIds),
    )
    .execute();
}

/** In the order of the ids. */
async function seqsOf(trx: Database, ids: readonly string[], reader: Reader): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await trx
    .selectFrom('assets')
    .select(['id', 'seq', 'visibility', 'ownerId'])
    .where('id', 'in', ids)
    .execute();
  const seen = new Map(rows.filter((row) => maySee(reader, row)).map(({ id, seq }) => [id, seq]));
  return ids.map((id) => {
    const seq = seen.get(id);
    if (seq === undefined) throw new SfumatoError('notFound', `There is no Asset ${id}.`);
    return seq;
  });
}

async function roomFor(
  trx: Database,
  collectionId: string,
  before: string | null,
  count: number,
): Promise<number[] | undefined> {
  const after = before === null ? undefined : await positionOf(trx, collectionId, before);
  const { last } = await trx
    .selectFrom('collectionItems')
    .select((row) => row.fn.max('position').as('last'))
    .where('collectionId', '=', collectionId)
    .$if(after !== undefined, (items) => items.where('position', '<', after ?? 0))
    .executeTakeFirstOrThrow();
  return placesBetween(last ?? undefined, after, count);
}

async function positionOf(trx: Database, collectionId: string, assetId: string): Promise<number> {
  const row = await trx
    .selectFrom('collectionItems')
    .innerJoin('assets', 'assets.seq', 'collectionItems.seq')
    .select('position')
    .where('collectionId', '=', collectionId)
    .where('assets.id', '=', assetId)
    .executeTakeFirst();
  if (row !== undefined) return row.position;
  throw new SfumatoError('notFound', 'What they shall stand before is not in this collection.');
}

async function renumber(trx: Database, collectionId: string): Promise<void> {
  const query = trx.selectFrom('collectionItems').where('collectionId', '=', collectionId);
  const items = await query.select('seq').orderBy('position').execute();
  for (const [index, { seq }] of items.entries()) {
    await trx
      .updateTable('collectionItems')
      .set({ position: SPACING * (index + 1) })
      .where('collectionId', '=', collectionId)
      .where('seq', '=', seq)
      .execute();
  }
}
