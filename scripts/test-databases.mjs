/** With DATABASE_URL every server of the tests gets a database of its own there; here they go again. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} folder of the run, where test/support/run-record.ts has written their names
 * @param {string | undefined} url
 */
export async function dropTestDatabases(folder, url) {
  const names = namesIn(join(folder, 'databases'));
  if (!url || names.length === 0) return;
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const name of names) await client.query(`drop database if exists "${name}" with (force)`);
  await client.end();
}

/** @param {string} folder */
function namesIn(folder) {
  if (!existsSync(folder)) return [];
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  return texts
    .join('')
    .split('\n')
    .filter((name) => /^sfumato_test_[0-9a-f]+$/.test(name));
}
