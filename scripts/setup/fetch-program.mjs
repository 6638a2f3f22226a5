/** Gets a program from a release page, as a command of the set-up. */
import { renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './child.mjs';

const SCRIPT = fileURLToPath(new URL('download.mjs', import.meta.url));
const LIMIT_MS = 10 * 60_000;

/**
 * @param {import('./context.mjs').Context} context
 * @param {import('./progress.mjs').Progress} progress
 * @param {string} url of a `.gz` or `.tgz`
 * @param {string} file where the program is put, by a rename when it is whole
 */
export async function fetchProgram(context, progress, url, file) {
  const partial = `${file}.partial-${process.pid}`;
  try {
    await run(context, context.node, [SCRIPT, url, partial], {
      env: { NODE_USE_ENV_PROXY: '1' },
      timeoutMs: LIMIT_MS,
      onLine(line) {
        const percent = /^progress (\d+)$/.exec(line)?.[1];
        if (percent) progress.update({ percent: Number(percent) });
      },
    });
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}
