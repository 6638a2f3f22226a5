import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Folders that are either there with everything in them, or not there. Work is done in a temporary
 * folder beside them, whose name says which process it belongs to.
 */
const TEMP_PREFIX = '.tmp-';

let counter = 0;

/** A new empty folder inside `parent`, to be published or removed. */
export async function createTempFolder(parent: string): Promise<string> {
  counter += 1;
  const folder = join(parent, `${TEMP_PREFIX}${process.pid}-${Date.now()}-${counter}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/**
 * Gives a temporary folder its final name, after its content has reached the disk. What stood there
 * before is replaced.
 */
export async function publishFolder(temp: string, final: string): Promise<void> {
  for (const name of await readdir(temp)) await sync(join(temp, name));
  await sync(temp);
  await rm(final, { recursive: true, force: true });
  await rename(temp, final);
  await sync(dirname(final));
}

/** Flushes a file's content, or a folder's list of names, to the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes temporary folders whose process is gone. */
export async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^\.tmp-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  // A folder of this very number from before a restart: in containers every run has the same pid.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's process, so there is one.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
