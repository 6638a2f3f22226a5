import { type Kysely, sql, type Transaction } from 'kysely';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Migration, BareTables } from './migrations.ts';

export type DatabaseKind = 'sqlite' | 'postgres';

/** Any number that nothing else in the same PostgreSQL database locks: "sfumato" in ASCII. */
const LOCK_ID = '32483411733050479';

/**
 * Brings the database to the newest form, forward only. Each migration is one transaction under a lock,
 * so that it is there wholly or not at all and servers that start at once do not do it twice.
 *
 * @returns the names of those that were applied now
 * @throws SfumatoError `unavailable` where a newer version of Sfumato has changed the database
 */
export async function migrate(
  db: Kysely<BareTables>,
  kind: DatabaseKind,
  migrations: readonly Migration[],
): Promise<string[]> {
  await db.transaction().execute(async (trx) => {
    await lock(trx, kind);
    await createTable(trx);
    await refuseNewer(trx, migrations);
  });
  const appliedNow: string[] = [];
  for (const migration of migrations) {
    const applied = await db.transaction().execute(async (trx) => {
      await lock(trx, kind);
      return apply(trx, kind, migration);
    });
    if (applied) appliedNow.push(migration.name);
  }
  return appliedNow;
}

/** Held until the transaction ends. SQLite's transactions begin with the lock on the whole file. */
async function lock(trx: Transaction<BareTables>, kind: DatabaseKind): Promise<void> {
  if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK_ID}::bigint)`.execute(trx);
}

async function createTable(trx: Transaction<BareTables>): Promise<void> {
  await trx.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('appliedAt', 'text', (column) => column.notNull())
    .execute();
}

async function refuseNewer(
  trx: Transaction<BareTables>,
  migrations: readonly Migration[],
): Promise<void> {
  const known = new Set(migrations.map(({ name }) => name));
  const applied = await trx.selectFrom('migrations').select('name').execute();
  const foreign = applied.find(({ name }) => !known.has(name));
  if (foreign === undefined) return;
  throw new SfumatoError(
    'unavailable',
    `The database was changed by another version of Sfumato (${foreign.name}).`,
    { hint: 'Start that version or a newer one, or go back to a backup of the database.' },
  );
}

async function apply(
  trx: Transaction<BareTables>,
  kind: DatabaseKind,
  { name, up }: Migration,
): Promise<boolean> {
  const applied = await trx
    .selectFrom('migrations')
    .select('name')
    .where('name', '=', name)
    .executeTakeFirst();
  if (applied !== undefined) return false;
  await up(trx, kind);
  const appliedAt = new Date().toISOString();
  await trx.insertInto('migrations').values({ name, appliedAt }).execute();
  return true;
}
