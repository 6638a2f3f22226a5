/**
 * `node scripts/complete-lock.mjs`: adds to package-lock.json the optional packages of other systems that
 * npm leaves out when its registry does not have them (a company's mirror that keeps one system's only).
 *
 * Without them `npm ci` refuses the lock file ("Missing: ... from lock file"), on that registry and, on
 * the systems that need them, on every other.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup/context.mjs';

/**
 * @typedef {object} Entry
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 * @typedef {Record<string, Entry>} Entries
 */

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
];

/**
 * The systems that a package is for, by its name: that is how these packages are named.
 * @param {string} name
 * @returns {Pick<Entry, 'os' | 'cpu' | 'libc'>}
 */
export function systemsOf(name) {
  const words = name.split(/[^a-z\d]+/i);
  const os =
    SYSTEMS.find((word) => words.includes(word)) ?? (name === 'fsevents' ? 'darwin' : undefined);
  const cpu = PROCESSORS.find((word) => words.includes(word));
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return {
    ...(libc && os === 'linux' && { libc: [libc] }),
    ...(cpu && { cpu: [cpu] }),
    ...(os && { os: [os] }),
  };
}

/**
 * The optional packages that other packages of the lock file name and that have no entry.
 * @param {Entries} entries
 * @returns {Entries}
 */
export function missingEntries(entries) {
  /** @type {Entries} */
  const missing = {};
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(entries)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (resolves(entries, path, name)) continue;
      const version = range.replace(/^[\^~]/, '');
      missing[`node_modules/${name}`] = {
        version,
        ...(dev && { dev }),
        optional: true,
        ...systemsOf(name),
      };
    }
  }
  return missing;
}

/**
 * Node's way of looking for a package: in the folder's own node_modules, then further out.
 * @param {Entries} entries
 * @param {string} from
 * @param {string} name
 */
function resolves(entries, from, name) {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  ) {
    if (entries[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (folder === '') return false;
    if (!folder.includes('/node_modules/')) return Boolean(entries[`node_modules/${name}`]);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const added = missingEntries(lock.packages);
  const packages = { ...lock.packages, ...added };
  // oxlint-disable-next-line unicorn/no-array-sort -- Node 18 has no toSorted
  const order = Object.keys(packages).sort((a, b) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(order.map((path) => [path, packages[path]]));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${Object.keys(added).length} packages of other systems added`);
}
