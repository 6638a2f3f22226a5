import { type Dialect, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import type { Logger } from 'pino';

const MAX_CONNECTIONS = 10;
const CONNECT_WITHIN_MS = 5_000;
/** No query of ours takes long: one that does must not hold its connection for ever. */
const QUERY_WITHIN_MS = 10_000;

/** @param url as https://www.postgresql.org/docs/current/libpq-connect.html has it, section 34.1.1.2 */
export function postgresDialect(url: string, log: Logger): Dialect {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: QUERY_WITHIN_MS,
    application_name: 'sfumato',
  });
  // A connection that lay idle was cut: the pool makes another one when it is needed.
  pool.on('error', ({ message }) => log.warn(`a database connection was lost: ${message}`));
  // Cut in the middle of a query: that fails and says so, and without a listener the process would end.
  pool.on('connect', (client) => {
    client.on('error', ({ message }) => log.debug(`a connection was cut in its work: ${message}`));
  });
  return new PostgresDialect({ pool });
}
