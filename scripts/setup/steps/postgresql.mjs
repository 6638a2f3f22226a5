/**
 * PostgreSQL, on which the tests run what they run on SQLite: POSTGRES_BIN, else the newest of Debian's,
 * else the path's, else Debian's package. The tests start a server of their own and leave the system's
 * alone.
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError, run } from '../child.mjs';
import { SetupError } from '../errors.mjs';
import { findOnPath, isExecutable, isProven, recordProof } from '../proof.mjs';
import { installPackages } from '../system.mjs';

const PURPOSE = 'postgresql for tests';
const LIMIT_MS = 20_000;
const DEBIAN = '/usr/lib/postgresql';

/**
 * Debian keeps each version's programs in a folder of its own, off the path.
 * @param {string} folder
 */
export function versionFolders(folder) {
  const versions = existsSync(folder) ? readdirSync(folder).map(Number).filter(Boolean) : [];
  // oxlint-disable-next-line unicorn/no-array-sort -- Node 18 has no toSorted
  return versions.sort((a, b) => b - a).map((version) => join(folder, String(version), 'bin'));
}

/** @param {import('../context.mjs').Context} context */
function candidates({ settings }) {
  if (settings.POSTGRES_BIN) return [settings.POSTGRES_BIN];
  const onPath = findOnPath(['initdb']);
  const folders = [...versionFolders(DEBIAN), ...(onPath ? [dirname(onPath)] : [])];
  return folders.filter((it) => isExecutable(join(it, 'initdb')));
}

/**
 * @param {import('../context.mjs').Context} context
 * @param {string} folder
 */
async function works(context, folder) {
  try {
    for (const name of ['initdb', 'postgres']) {
      await run(context, join(folder, name), ['--version'], { timeoutMs: LIMIT_MS });
    }
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
  recordProof(context.cache, join(folder, 'postgres'), PURPOSE);
  return true;
}

/** @type {import('../set-up.mjs').Step} */
export const postgresqlStep = {
  title: 'PostgreSQL',
  why: 'getting PostgreSQL, because the tests run on it too and there is none.',
  scope: 'machine',

  find(context) {
    const folder = candidates(context).find((it) =>
      isProven(context.cache, join(it, 'postgres'), PURPOSE),
    );
    return folder ? { POSTGRES_BIN: folder } : undefined;
  },

  async run(context, progress) {
    for (const folder of candidates(context)) if (await works(context, folder)) return;
    const own = context.settings.POSTGRES_BIN;
    const otherwise =
      'Install PostgreSQL in your own way, and name the folder of its programs by POSTGRES_BIN.';
    if (own)
      throw new SetupError(`POSTGRES_BIN names ${own}, which has no PostgreSQL. ${otherwise}`);
    await installPackages(context, progress, 'postgresql', otherwise);
    for (const folder of candidates(context)) if (await works(context, folder)) return;
    throw new SetupError(`PostgreSQL was installed but does not start. ${otherwise}`);
  },
};
