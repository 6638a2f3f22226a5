/**
 * Sets up what is missing on this machine and in this checkout, and nothing else. With nothing missing it
 * reads a few files and says nothing.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { cacheFolder, environment, readSettings, root } from './context.mjs';
import { Interrupted, SetupError, messageOf } from './errors.mjs';
import { withLock } from './lock.mjs';
import { Log } from './log.mjs';
import { Progress, duration, wrap } from './progress.mjs';
import { certificateStep } from './steps/certificate.mjs';
import { chromiumStep } from './steps/chromium.mjs';
import { clientStep } from './steps/client.mjs';
import { ffmpegStep } from './steps/ffmpeg.mjs';
import { networkToolsStep } from './steps/network-tools.mjs';
import { nodeStep } from './steps/node.mjs';
import { otherPlayersStep } from './steps/other-players.mjs';
import { packagesStep } from './steps/packages.mjs';
import { postgresqlStep } from './steps/postgresql.mjs';
import { relayStep } from './steps/relay.mjs';
import { workerStep } from './steps/worker.mjs';

/**
 * One thing that must be there.
 * @typedef {object} Step
 * @property {string} title what it makes
 * @property {string} why what is done and why, in one sentence
 * @property {'machine' | 'checkout'} scope what no second set-up may do at the same time
 * @property {(context: import('./context.mjs').Context) => Record<string, string> | undefined} find
 *   looks whether it is there, by reading files only (milliseconds), and answers with the environment
 *   variables that tell others where; undefined means that it is missing
 * @property {(context: import('./context.mjs').Context, progress: Progress) => Promise<void>} run makes it
 */

const STEPS = {
  packages: [nodeStep, packagesStep],
  build: [nodeStep, packagesStep, clientStep],
  start: [nodeStep, packagesStep, workerStep, ffmpegStep, certificateStep, clientStep],
  tests: [
    nodeStep,
    packagesStep,
    workerStep,
    ffmpegStep,
    certificateStep,
    clientStep,
    chromiumStep,
    postgresqlStep,
    networkToolsStep,
    otherPlayersStep,
    relayStep,
  ],
};

/** Goals that need the development packages too. */
const DEVELOPMENT = new Set(['packages', 'tests']);

/**
 * Sets up what is missing. Ends the process when that fails, with what to do about it, or when the person
 * interrupts it.
 * @param {keyof typeof STEPS} goal
 * @returns {Promise<{ root: string, node: string, env: NodeJS.ProcessEnv }>}
 */
export async function setUp(goal) {
  const gate = new AbortController();
  const context = createContext(DEVELOPMENT.has(goal), gate.signal);
  /** @param {NodeJS.Signals} signal */
  const interrupt = (signal) => {
    process.exitCode = signal === 'SIGINT' ? 130 : 143;
    gate.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const startedAt = performance.now();
  try {
    for (const step of STEPS[goal]) await ensure(step, context);
  } catch (error) {
    explain(error, context.log);
    process.exit(process.exitCode || 1);
  }
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGHUP', interrupt);
  if (context.log.used) {
    process.stderr.write(
      `Everything is set up after ${duration(performance.now() - startedAt)}.\n`,
    );
  }
  return { root, node: context.node, env: environment(context) };
}

/**
 * @param {boolean} tests
 * @param {AbortSignal} signal
 * @returns {import('./context.mjs').Context}
 */
function createContext(tests, signal) {
  const settings = readSettings(root);
  const cache = cacheFolder(settings);
  const node = process.execPath;
  return {
    root,
    cache,
    settings,
    found: {},
    node,
    tests,
    log: new Log(cache),
    signal,
    done: new Set(),
  };
}

/**
 * @param {Step} step
 * @param {import('./context.mjs').Context} context
 */
async function ensure(step, context) {
  const found = step.find(context) ?? (await make(step, context));
  Object.assign(context.found, found);
}

/**
 * @param {Step} step
 * @param {import('./context.mjs').Context} context
 */
async function make(step, context) {
  const progress = new Progress(step.title, step.why);
  /** @param {number | undefined} pid */
  const waiting = (pid) =>
    progress.say(`another set-up is at it (process ${pid ?? 'unknown'}), waiting for it`);
  try {
    const found = await withLock(lockOf(step, context), context.signal, waiting, async () => {
      // Whoever held the lock may have done it.
      if (!step.find(context)) await step.run(context, progress);
      return step.find(context);
    });
    if (!found)
      throw new SetupError(
        `${step.title}: set up, but not found afterwards. Please report this with the log file.`,
      );
    progress.done();
    return found;
  } catch (error) {
    progress.failed(error instanceof Interrupted ? 'interrupted' : 'failed');
    throw error;
  }
}

/**
 * @param {Step} step
 * @param {import('./context.mjs').Context} context
 */
function lockOf(step, { cache }) {
  const place =
    step.scope === 'checkout'
      ? createHash('sha256').update(root).digest('hex').slice(0, 16)
      : 'machine';
  return join(cache, 'locks', `${place}-${step.title.toLowerCase().replace(/\W+/g, '-')}`);
}

/**
 * @param {unknown} error
 * @param {Log} log
 */
function explain(error, log) {
  if (error instanceof Interrupted) {
    process.stderr.write('Interrupted. The next start goes on from here.\n');
    return;
  }
  const unexpected =
    error instanceof SetupError ? '' : 'The set-up met an error that it does not know: ';
  const where = log.used ? ` The full output is in ${log.path}` : '';
  if (error instanceof Error && log.used) log.write(`\n${error.stack}\n`);
  process.stderr.write(`\n${wrap(`${unexpected}${messageOf(error)}${where}`, 100)}\n`);
}
