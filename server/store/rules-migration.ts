import type { Kysely } from 'kysely';
import type { BareTables } from './migrations.ts';

/** Who may watch: beside the visibility that Assets have already. What there was is as it was. */
export async function createRules(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .alterTable('channels')
    .addColumn('visibility', 'text', (column) => column.notNull().defaultTo('public'))
    .execute();
  for (const table of ['channels', 'assets']) {
    for (const column of ['embedSites', 'startsAt', 'endsAt', 'watchPasswordHash']) {
      await db.schema.alterTable(table).addColumn(column, 'text').execute();
    }
    await db.schema.alterTable(table).addColumn('maxViewers', 'integer').execute();
    await db.schema
      .alterTable(table)
      .addColumn('passwordVersion', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  }
  // Pages of which sites may connect is asked of all Assets at once.
  await db.schema
    .createIndex('assets_embedSites')
    .on('assets')
    .column('embedSites')
    .where('embedSites', 'is not', null)
    .execute();
  await db.schema
    .createTable('defaultRules')
    .addColumn('kind', 'text', (column) => column.primaryKey().notNull())
    .addColumn('rules', 'text', (column) => column.notNull())
    .execute();
}
