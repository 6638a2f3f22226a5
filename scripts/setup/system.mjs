/** The operating system's own packages: what ours are called there, and installing them where we may. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { parseDotEnv, readIfThere } from './context.mjs';
import { Interrupted, SetupError, messageOf } from './errors.mjs';
import { withLock } from './lock.mjs';
import { findOnPath } from './proof.mjs';

/** @typedef {'worker' | 'ffmpeg' | 'chromium' | 'postgresql' | 'network' | 'players' | 'relay'} Need */
/** @typedef {'debian' | 'ubuntu' | 'fedora' | 'arch' | 'alpine' | 'macos' | 'other'} Family */

/** Debian's names where they differ from Node's. @type {Record<string, string>} */
const DEBIAN_ARCH = { x64: 'amd64', ia32: 'i386', arm: 'armhf' };

/** @type {Record<Exclude<Family, 'other'>, { install: string } & Record<Need, string>>} */
const PACKAGES = {
  debian: {
    install: 'apt-get update && apt-get install -y --no-install-recommends',
    worker:
      'g++ cmake ninja-build pkg-config libuv1-dev libssl-dev libsrtp2-dev libflatbuffers-dev flatbuffers-compiler libabsl-dev',
    ffmpeg: 'ffmpeg',
    chromium: 'chromium',
    postgresql: 'postgresql',
    network: 'iproute2 util-linux',
    players: 'webkit2gtk-driver xvfb gstreamer1.0-libav gstreamer1.0-plugins-bad mpv',
    relay: 'coturn',
  },
  ubuntu: {
    install: 'apt-get update && apt-get install -y --no-install-recommends',
    worker:
      'g++ cmake ninja-build pkg-config libuv1-dev libssl-dev libsrtp2-dev libflatbuffers-dev flatbuffers-compiler libabsl-dev',
    ffmpeg: 'ffmpeg',
    // Ubuntu's own package is a snap, which does not start in containers and for root.
    chromium: '',
    postgresql: 'postgresql',
    network: 'iproute2 util-linux',
    players: 'webkit2gtk-driver xvfb gstreamer1.0-libav gstreamer1.0-plugins-bad mpv',
    relay: 'coturn',
  },
  fedora: {
    install: 'dnf install -y',
    worker:
      'gcc-c++ cmake ninja-build pkgconf-pkg-config libuv-devel openssl-devel libsrtp-devel flatbuffers-devel flatbuffers-compiler abseil-cpp-devel',
    // ffmpeg-free has no x264. This one is RPM Fusion's.
    ffmpeg: 'ffmpeg --allowerasing',
    chromium: 'chromium',
    postgresql: 'postgresql-server',
    network: 'iproute iproute-tc util-linux',
    players: '',
    relay: 'coturn',
  },
  arch: {
    install: 'pacman -S --needed --noconfirm',
    worker: 'gcc cmake ninja pkgconf libuv openssl libsrtp flatbuffers abseil-cpp',
    ffmpeg: 'ffmpeg',
    chromium: 'chromium',
    postgresql: 'postgresql',
    network: 'iproute2 util-linux',
    players: '',
    relay: 'coturn',
  },
  alpine: {
    install: 'apk add',
    worker:
      'g++ cmake samurai pkgconf libuv-dev openssl-dev libsrtp-dev flatbuffers-dev abseil-cpp-dev',
    ffmpeg: 'ffmpeg',
    chromium: 'chromium',
    postgresql: 'postgresql15',
    network: 'iproute2 util-linux',
    players: '',
    relay: 'coturn',
  },
  macos: {
    install: 'brew install',
    worker: 'cmake ninja pkg-config libuv openssl@3 srtp flatbuffers abseil',
    ffmpeg: 'ffmpeg',
    chromium: '--cask google-chrome',
    postgresql: 'postgresql@15',
    network: '',
    players: '',
    relay: '',
  },
};

/**
 * The family of a system, by its os-release file (os-release(5)).
 * @param {string} platform
 * @param {string} osRelease
 * @returns {Family}
 */
export function familyOf(platform, osRelease) {
  if (platform === 'darwin') return 'macos';
  if (platform !== 'linux') return 'other';
  const { ID = '', ID_LIKE = '' } = parseDotEnv(osRelease);
  const names = [ID, ...ID_LIKE.split(' ')];
  if (names.includes('rhel')) return 'fedora';
  for (const family of /** @type {const} */ (['ubuntu', 'debian', 'fedora', 'arch', 'alpine'])) {
    if (names.includes(family)) return family;
  }
  return 'other';
}

/**
 * Names a system for the cache: what was built for one release does not run on another.
 * @param {string} platform
 * @param {string} osRelease
 * @param {string} kernel
 */
export function releaseOf(platform, osRelease, kernel) {
  const { ID = '', VERSION_ID = '' } = parseDotEnv(osRelease);
  const major = platform === 'linux' ? `${ID}${VERSION_ID}` : (kernel.split('.')[0] ?? '');
  return major.replace(/[^\w.]/g, '') || 'unknown';
}

/** This machine's os-release file. */
export function readOsRelease() {
  return readIfThere('/etc/os-release') ?? readIfThere('/usr/lib/os-release') ?? '';
}

/**
 * The exact command that installs what is needed, for a person to run.
 * @param {Family} family
 * @param {Need} need
 * @returns {string | undefined}
 */
export function installCommand(family, need) {
  if (family === 'other' || !PACKAGES[family][need]) return undefined;
  const { install, [need]: packages } = PACKAGES[family];
  const sudo = family === 'macos' ? '' : 'sudo ';
  return `${sudo}${install.replace('&& ', `&& ${sudo}`)} ${packages}`;
}

/**
 * Whether packages may be installed without asking: only by root, and only on Debian and Ubuntu.
 * @param {Family} family
 * @param {number | undefined} uid
 */
export function mayInstall(family, uid) {
  return uid === 0 && (family === 'debian' || family === 'ubuntu');
}

/**
 * The percentage of a whole apt run by one line of its status (README.progress-reporting of apt): the
 * download is the first half of it. Undefined for other lines.
 * @param {string} line
 */
export function aptPercent(line) {
  const match = /^(dl|pm)status:[^:]*(?::\d+)?:([\d.]+):/.exec(line);
  if (!match) return undefined;
  const half = Number(match[2]) / 2;
  return match[1] === 'dl' ? half : 50 + half;
}

/**
 * Installs what is needed from the system's packages.
 * @param {import('./context.mjs').Context} context
 * @param {import('./progress.mjs').Progress} progress
 * @param {Need} need
 * @param {string} otherwise what a person may do instead, as a sentence
 * @throws {SetupError} where that is not possible, with the command to run
 */
export async function installPackages(context, progress, need, otherwise) {
  const family = familyOf(process.platform, readOsRelease());
  const command = installCommand(family, need);
  if (!command) throw new SetupError(otherwise);
  if (!mayInstall(family, process.getuid?.()) || !findOnPath(['apt-get'])) {
    throw new SetupError(`Please run \`${command}\` and then start again. ${otherwise}`);
  }
  const lock = join(context.cache, 'locks', 'apt');
  const waiting = () => progress.say('waiting for another set-up that installs packages');
  try {
    await withLock(lock, context.signal, waiting, () =>
      aptInstall(context, progress, PACKAGES.debian[need].split(' ')),
    );
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const reason = messageOf(error);
    throw new SetupError(
      `Debian's packages could not be installed (${reason}). If this machine reaches no package mirror, install them in another way: \`${command}\`. ${otherwise}`,
      error,
    );
  }
}

/**
 * Those of Debian's packages for a need that are not installed.
 * @param {Need} need
 */
export function missingDebianPackages(need) {
  const info = '/var/lib/dpkg/info';
  const arch = DEBIAN_ARCH[process.arch] ?? process.arch;
  return PACKAGES.debian[need].split(' ').filter((name) => {
    return !existsSync(`${info}/${name}.list`) && !existsSync(`${info}/${name}:${arch}.list`);
  });
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {import('./progress.mjs').Progress} progress
 * @param {string[]} packages
 */
async function aptInstall(context, progress, packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];
  if (!context.done.has('apt-get update')) {
    // dpkg's journal: not empty when an earlier installation was interrupted.
    if (readdirSync('/var/lib/dpkg/updates').length > 0) {
      progress.say('finishing an installation that was interrupted');
      await run(context, 'dpkg', ['--configure', '-a'], { env });
    }
    progress.say("reading the lists of Debian's packages");
    await run(context, 'apt-get', [...options, 'update'], { env });
    context.done.add('apt-get update');
  }
  const detail = `installing ${packages.join(' ')}`;
  progress.say(detail);
  const install = ['-o', 'APT::Status-Fd=3', 'install', '-y', '-f', '--no-install-recommends'];
  await run(context, 'apt-get', [...options, ...install, ...packages], {
    env,
    onLine(line) {
      const percent = aptPercent(line);
      if (percent !== undefined) progress.update({ percent });
    },
  });
}
