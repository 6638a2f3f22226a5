import { randomUUID } from 'node:crypto';
import { type BigIntStats, constants, createWriteStream } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createTempFolder, removeAbandoned, sync } from '../atomic.ts';
import { isThere } from '../is-there.ts';
import { hasCode, noRoom, notThere, takenAway } from './errors.ts';
import type { MediaFileStat, MediaFiles, MediaSource } from './media-files.ts';
import { type MediaKey, parseAssetId, parseMediaKey } from './media-key.ts';

/**
 * Media files as ordinary files: `<folder>/<assetId>/<name>`. They come into being in a folder of this process and
 * are renamed when their bytes are on the disk.
 */
export async function createDiskMediaFiles(folder: string): Promise<MediaFiles> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true });
  await removeAbandoned(root);
  const incoming = await createTempFolder(root);
  /** Another process of the same number, in another container, takes it for one that was left behind. */
  const newTemp = async () => {
    await mkdir(incoming, { recursive: true });
    return join(incoming, randomUUID());
  };
  const pathOf = (key: MediaKey) => join(root, parseMediaKey(key));

  const describe = async (key: MediaKey): Promise<MediaFileStat | undefined> => {
    try {
      return describeStat(await stat(pathOf(key), { bigint: true }));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  };

  return {
    async put(key, source, signal) {
      const final = pathOf(key);
      const temp = await newTemp();
      try {
        signal?.throwIfAborted();
        if (!(await move(source, final))) {
          await bring(source, temp, signal);
          await sync(temp);
          await mkdir(dirname(final), { recursive: true });
          await rename(temp, final);
        }
        await sync(dirname(final));
        await sync(root);
      } catch (error) {
        throw noRoom(error);
      } finally {
        await rm(temp, { force: true });
      }
      return (await describe(key)) ?? fail(notThere());
    },
    async link(key, file) {
      const final = pathOf(key);
      const temp = await newTemp();
      if (!(await isThere(file))) throw notThere();
      await mkdir(dirname(final), { recursive: true });
      await symlink(resolve(file), temp);
      await rename(temp, final);
      await sync(dirname(final));
      await sync(root);
      return (await describe(key)) ?? fail(notThere());
    },
    async open(key, range) {
      const handle = await openFile(pathOf(key));
      try {
        // Of the file that was opened: another one may take its name meanwhile.
        const found = describeStat(await handle.stat({ bigint: true }));
        return { ...found, stream: handle.createReadStream(range) };
      } catch (error) {
        await handle.close();
        throw error;
      }
    },
    stat: describe,
    async list(assetId) {
      try {
        return (await readdir(join(root, parseAssetId(assetId)))).toSorted();
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return [];
        throw error;
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    async removeAsset(assetId) {
      await rm(join(root, parseAssetId(assetId)), { recursive: true, force: true });
    },
    async local(key) {
      if (!(await describe(key))) throw await missing(pathOf(key));
      return { path: pathOf(key), release: async () => undefined };
    },
    close: () => rm(incoming, { recursive: true, force: true }),
  };
}

async function bring(source: MediaSource, temp: string, signal?: AbortSignal): Promise<void> {
  if ('stream' in source) {
    await pipeline(source.stream, createWriteStream(temp, { flags: 'wx' }), { signal });
    return;
  }
  // Where the file system can, both share their blocks until one is changed.
  await copyFile(source.file, temp, constants.COPYFILE_FICLONE);
}

/** In one step, for it may be the only one that there is: a crash leaves it here or there. Only within one file system. */
async function move(source: MediaSource, final: string): Promise<boolean> {
  if ('stream' in source || source.mayMove !== true) return false;
  await sync(source.file);
  await mkdir(dirname(final), { recursive: true });
  try {
    await rename(source.file, final);
    return true;
  } catch (error) {
    if (hasCode(error, 'EXDEV')) return false;
    throw error;
  }
}

async function openFile(path: string) {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw hasCode(error, 'ENOENT') ? await missing(path, error) : error;
  }
}

/** What lies elsewhere may be taken away there. */
async function missing(path: string, cause?: unknown): Promise<Error> {
  try {
    if ((await lstat(path)).isSymbolicLink()) return takenAway(cause);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return notThere(cause);
}

/** Files are never written to in place, so a changed file is another inode with another time. */
function describeStat({
  size,
  mtimeNs,
  ino,
}: Pick<BigIntStats, 'size' | 'mtimeNs' | 'ino'>): MediaFileStat {
  const etag = [size, mtimeNs, ino].map((part) => part.toString(36)).join('-');
  return {
    size: Number(size),
    etag: `"${etag}"`,
    modified: new Date(Number(mtimeNs / 1_000_000n)),
  };
}

function fail(error: Error): never {
  throw error;
}
