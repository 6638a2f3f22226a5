/**
 * ffmpeg and ffprobe: the operator's own (FFMPEG_PATH, FFPROBE_PATH), else the system's, else the release
 * that the npm package ffmpeg-static stands for, else the system's package.
 */
import { mkdirSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandError, run } from '../child.mjs';
import { readIfThere } from '../context.mjs';
import { SetupError } from '../errors.mjs';
import { fetchProgram } from '../fetch-program.mjs';
import { findOnPath, isExecutable, isProven, recordProof } from '../proof.mjs';
import { installPackages } from '../system.mjs';

const PURPOSE = 'ffmpeg with libx264 and libopus';
const ENCODERS = ['libx264', 'libopus'];
const LIMIT_MS = 20_000;
const SUFFIX = platform() === 'win32' ? '.exe' : '';

/** @typedef {{ ffmpeg: string, ffprobe: string }} Pair */

/**
 * The release that the installed ffmpeg-static stands for, and where its files are. The package has
 * ffmpeg only; its release has the ffprobe that belongs to it too.
 * @param {string | undefined} manifest the package's package.json
 * @param {Record<string, string | undefined>} settings
 */
export function staticRelease(manifest, settings) {
  const tag = manifest && JSON.parse(manifest)['ffmpeg-static']?.['binary-release-tag'];
  const base =
    settings.FFMPEG_BINARIES_URL ?? 'https://github.com/eugeneware/ffmpeg-static/releases/download';
  return typeof tag === 'string' ? { tag, url: `${base}/${tag}` } : undefined;
}

/** @param {import('../context.mjs').Context} context */
function releaseIn({ root, settings }) {
  return staticRelease(
    readIfThere(join(root, 'node_modules', 'ffmpeg-static', 'package.json')),
    settings,
  );
}

/** @param {import('../context.mjs').Context} context @param {string} tag @returns {Pair} */
function staticPair({ cache }, tag) {
  const folder = join(cache, `ffmpeg-static-${tag}`);
  return { ffmpeg: join(folder, `ffmpeg${SUFFIX}`), ffprobe: join(folder, `ffprobe${SUFFIX}`) };
}

/**
 * The operator's own pair: ffprobe is looked for beside ffmpeg where it is not named.
 * @param {Record<string, string | undefined>} settings
 * @returns {Pair | undefined}
 */
export function ownPair({ FFMPEG_PATH, FFPROBE_PATH }) {
  if (!FFMPEG_PATH) return undefined;
  const beside = join(dirname(FFMPEG_PATH), `ffprobe${SUFFIX}`);
  const ffprobe = FFPROBE_PATH || (isExecutable(beside) ? beside : findOnPath(['ffprobe']));
  return { ffmpeg: FFMPEG_PATH, ffprobe: ffprobe ?? beside };
}

/** @param {import('../context.mjs').Context} context @returns {Pair | undefined} */
function systemPair({ settings }) {
  const ffmpeg = findOnPath(['ffmpeg']);
  const ffprobe = settings.FFPROBE_PATH || findOnPath(['ffprobe']);
  return ffmpeg && ffprobe ? { ffmpeg, ffprobe } : undefined;
}

/** @param {import('../context.mjs').Context} context @returns {Pair[]} */
function candidates(context) {
  const own = ownPair(context.settings);
  if (own) return [own];
  const release = releaseIn(context);
  const pairs = [systemPair(context), release && staticPair(context, release.tag)];
  return pairs.filter((pair) => pair !== undefined);
}

/**
 * Whether both start and ffmpeg has the encoders that the server uses; some builds have neither.
 * @param {import('../context.mjs').Context} context
 * @param {Pair} pair
 */
async function works(context, { ffmpeg, ffprobe }) {
  if (!isExecutable(ffmpeg) || !isExecutable(ffprobe)) return false;
  const missing = new Set(ENCODERS);
  try {
    await run(context, ffprobe, ['-hide_banner', '-version'], { timeoutMs: LIMIT_MS });
    await run(context, ffmpeg, ['-hide_banner', '-encoders'], {
      timeoutMs: LIMIT_MS,
      onLine: (line) => missing.delete(line.trim().split(/\s+/)[1] ?? ''),
    });
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
  if (missing.size > 0) return false;
  recordProof(context.cache, ffmpeg, PURPOSE);
  recordProof(context.cache, ffprobe, PURPOSE);
  return true;
}

/**
 * @param {import('../context.mjs').Context} context
 * @param {import('../progress.mjs').Progress} progress
 */
async function download(context, progress) {
  const release = releaseIn(context);
  if (!release) return false;
  const pair = staticPair(context, release.tag);
  mkdirSync(dirname(pair.ffmpeg), { recursive: true });
  try {
    for (const name of /** @type {const} */ (['ffmpeg', 'ffprobe'])) {
      progress.say(`downloading the ${name} of ffmpeg-static ${release.tag}`);
      const url = `${release.url}/${name}-${platform()}-${arch()}.gz`;
      await fetchProgram(context, progress, url, pair[name]);
    }
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
  return works(context, pair);
}

/** @type {import('../set-up.mjs').Step} */
export const ffmpegStep = {
  title: 'ffmpeg',
  why: 'looking for the program that prepares the files that go on air, and getting it if there is none, because none with libx264 and libopus has been seen working here yet.',
  scope: 'machine',

  find(context) {
    const pair = candidates(context).find(
      (it) =>
        isProven(context.cache, it.ffmpeg, PURPOSE) && isProven(context.cache, it.ffprobe, PURPOSE),
    );
    return pair && { FFMPEG_PATH: pair.ffmpeg, FFPROBE_PATH: pair.ffprobe };
  },

  async run(context, progress) {
    for (const pair of candidates(context)) {
      if (await works(context, pair)) return;
    }
    const own = ownPair(context.settings);
    if (own) {
      throw new SetupError(
        `FFMPEG_PATH means ${own.ffmpeg} and ${own.ffprobe}. One of them does not start, or ffmpeg lacks one of the encoders ${ENCODERS.join(' and ')} (see \`ffmpeg -encoders\`). Correct FFMPEG_PATH and FFPROBE_PATH, or remove them to have ffmpeg looked for.`,
      );
    }
    if (await download(context, progress)) return;
    const otherwise = `Or name an ffmpeg that has ${ENCODERS.join(' and ')} by FFMPEG_PATH, and its ffprobe by FFPROBE_PATH.`;
    await installPackages(context, progress, 'ffmpeg', otherwise);
    const installed = systemPair(context);
    if (installed && (await works(context, installed))) return;
    throw new SetupError(`The installed ffmpeg lacks ${ENCODERS.join(' or ')}. ${otherwise}`);
  },
};
