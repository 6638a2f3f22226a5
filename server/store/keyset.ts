import { type RawBuilder, type SqlBool, sql } from 'kysely';

/**
 * Paging by where the last page ended, not by how many came before: what is added or deleted meanwhile shifts
 * nothing. All columns in one direction, so that an index answers it.
 */
export interface Keyset {
  columns: readonly string[];
  direction: 'asc' | 'desc';
}

/** What comes after the row that has these values in the columns. */
export function beyond(
  { columns, direction }: Keyset,
  values: readonly (string | number)[],
): RawBuilder<SqlBool> {
  const row = sql.join(columns.map((name) => sql.ref(name)));
  const operator = direction === 'asc' ? sql.raw('>') : sql.raw('<');
  return sql<SqlBool>`(${row}) ${operator} (${sql.join(values)})`;
}

export function column(name: string): RawBuilder<string | number> {
  return sql.ref<string | number>(name);
}
