import { z } from 'zod';
import { type Asset, assetFileSchema } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import type { AssetRow, AssetTagRow } from '../store/tables.ts';
import type { Job } from './jobs/job.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { tagKey } from './words.ts';

const filesSchema = z.array(assetFileSchema);

/** Rows as Assets, with what stands in other tables: tags, and the progress of those that are being prepared. */
export async function asAssets(
  db: Database,
  jobs: JobQueue,
  rows: readonly AssetRow[],
): Promise<Asset[]> {
  if (rows.length === 0) return [];
  const tags = Map.groupBy(await tagsOf(db, rows), ({ seq }) => seq);
  const preparing = rows.filter(({ state }) => state === 'preparing').map(({ id }) => id);
  const byAsset = Map.groupBy(await jobs.ofAssets(preparing, db), ({ assetId }) => assetId);
  return rows.map((row) => asAsset(row, tags.get(row.seq) ?? [], byAsset.get(row.id) ?? []));
}

async function tagsOf(db: Database, rows: readonly AssetRow[]): Promise<AssetTagRow[]> {
  const seqs = rows.map(({ seq }) => seq);
  return db.selectFrom('assetTags').selectAll().where('seq', 'in', seqs).execute();
}

function asAsset(row: AssetRow, tags: readonly AssetTagRow[], jobs: readonly Job[]): Asset {
  const { id, title, description, kind, state, visibility, createdAt, updatedAt } = row;
  return {
    ...{ id, title, description, kind, state },
    ...(row.reason !== null && { reason: row.reason }),
    visibility,
    tags: tags.toSorted(byTag).map(({ label }) => label),
    ...(row.duration > 0 && { duration: row.duration }),
    ...(row.width !== null && { width: row.width }),
    ...(row.height !== null && { height: row.height }),
    ...(row.bytes !== null && { bytes: row.bytes }),
    ...{ createdAt, updatedAt },
    watchable: row.watchable === 1,
    files: filesSchema.parse(JSON.parse(row.files)),
    ...(jobs[0] !== undefined && { progress: progressOf(jobs[0]) }),
    ...(row.ownerId !== null && { owner: { id: row.ownerId, name: row.ownerName ?? '' } }),
    ...(row.originalName !== null && { originalName: row.originalName }),
    ...(row.checksum !== null && { checksum: row.checksum }),
  };
}

function byTag(a: AssetTagRow, b: AssetTagRow): number {
  return a.tag < b.tag ? -1 : 1;
}

function progressOf({ progress, step }: Job): NonNullable<Asset['progress']> {
  return { fraction: progress, ...(step !== null && { step }) };
}

/** Tags as they are kept: those that differ in case or accents only are one, the first. */
export function tagRows(seq: number, labels: readonly string[]): AssetTagRow[] {
  const rows = new Map<string, AssetTagRow>();
  for (const label of labels) {
    const tag = tagKey(label);
    if (tag !== '' && !rows.has(tag)) rows.set(tag, { seq, tag, label: label.trim() });
  }
  return [...rows.values()];
}
