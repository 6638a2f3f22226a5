import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** What a box is made with, and the Debian package of each. */
const PACKAGES = {
  ip: 'iproute2',
  tc: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
} as const;

export type Program = keyof typeof PACKAGES;
export type Programs = Record<Program, string>;

/** Where administrators' programs are; an ordinary person's path may lack them. */
const ADMIN_FOLDERS = ['/usr/sbin', '/sbin'];

/**
 * Where the programs are.
 *
 * @throws {Error} that names those that are missing and the packages they come with
 */
export function findPrograms(
  searchPath = process.env['PATH'] ?? '',
  adminFolders: readonly string[] = ADMIN_FOLDERS,
): Programs {
  const folders = [...searchPath.split(delimiter).filter(Boolean), ...adminFolders];
  const find = (name: Program) => folders.map((folder) => join(folder, name)).find(isExecutable);
  const found = {
    ip: find('ip'),
    tc: find('tc'),
    nsenter: find('nsenter'),
    unshare: find('unshare'),
  };
  const { ip, tc, nsenter, unshare } = found;
  if (ip && tc && nsenter && unshare) return { ip, tc, nsenter, unshare };
  throw new Error(
    complaint((['ip', 'tc', 'nsenter', 'unshare'] as const).filter((it) => !found[it])),
  );
}

function complaint(missing: readonly Program[]): string {
  const packages = [...new Set(missing.map((name) => PACKAGES[name]))].join(' ');
  return `A box of network namespaces needs ${missing.join(', ')}, not found here. On Debian: apt-get install ${packages}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us: the next folder may have it.
    return false;
  }
}

const execute = promisify(execFile);

/**
 * Runs a command to its end.
 *
 * @returns what it wrote to stdout
 * @throws {Error} with what it wrote to stderr when it ends with anything but 0
 */
export async function run([command = '', ...args]: readonly string[]): Promise<string> {
  const { stdout } = await execute(command, args);
  return stdout;
}
