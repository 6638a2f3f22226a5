/** Chromium, in which the tests watch: CHROMIUM_PATH, else the system's, else Debian's package. */
import { CommandError, run } from '../child.mjs';
import { SetupError } from '../errors.mjs';
import { findOnPath, isExecutable, isProven, recordProof } from '../proof.mjs';
import { installPackages } from '../system.mjs';

const PURPOSE = 'chromium for tests';
const LIMIT_MS = 30_000;
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** @param {import('../context.mjs').Context} context */
function candidates({ settings }) {
  if (settings.CHROMIUM_PATH) return [settings.CHROMIUM_PATH];
  const found = NAMES.map((name) => findOnPath([name])).filter((path) => path !== undefined);
  return [...found, MACOS].filter(isExecutable);
}

/**
 * @param {import('../context.mjs').Context} context
 * @param {string} path
 */
async function works(context, path) {
  try {
    await run(context, path, ['--version'], { timeoutMs: LIMIT_MS });
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
  recordProof(context.cache, path, PURPOSE);
  return true;
}

/** @type {import('../set-up.mjs').Step} */
export const chromiumStep = {
  title: 'Chromium',
  why: 'looking for the browser in which the tests watch, and getting it if there is none, because none has been seen working here yet.',
  scope: 'machine',

  find(context) {
    const path = candidates(context).find((it) => isProven(context.cache, it, PURPOSE));
    return path ? { CHROMIUM_PATH: path } : undefined;
  },

  async run(context, progress) {
    for (const path of candidates(context)) if (await works(context, path)) return;
    const own = context.settings.CHROMIUM_PATH;
    const otherwise =
      'Install Chromium or Google Chrome in your own way, and name its binary by CHROMIUM_PATH.';
    if (own) throw new SetupError(`CHROMIUM_PATH names ${own}, which does not start. ${otherwise}`);
    await installPackages(context, progress, 'chromium', otherwise);
    for (const path of candidates(context)) if (await works(context, path)) return;
    throw new SetupError(`Chromium was installed but does not start. ${otherwise}`);
  },
};
