import { opendir, lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../store/media-files/errors.ts';
import { hasMediaName } from '../media-names.ts';
import type { WatchedFile } from './watched-files.ts';

/**
 * The media files in a folder and in those inside of it, by their names. Hidden ones and symbolic links are passed
 * over, and what vanishes meanwhile.
 *
 * @param except a folder that is not looked into
 */
export async function* mediaFilesIn(folder: string, except: string): AsyncGenerator<WatchedFile> {
  const root = await realpath(folder);
  const folders = [''];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    if (join(root, at) === except) continue;
    for (const entry of await entriesOf(join(root, at))) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) folders.push(path);
      if (!entry.isFile() || !hasMediaName(entry.name)) continue;
      const file = await look(root, path);
      if (file !== undefined) yield file;
    }
  }
}

async function entriesOf(folder: string) {
  const entries = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (!entry.name.startsWith('.')) entries.push(entry);
    }
  } catch (error) {
    // It was removed, or is none of ours to read: the others go on.
    if (!hasCode(error, 'ENOENT', 'EACCES', 'ENOTDIR')) throw error;
  }
  return entries;
}

async function look(root: string, path: string): Promise<WatchedFile | undefined> {
  try {
    const { size: bytes, mtimeMs } = await lstat(join(root, path));
    return { path, bytes, modifiedMs: Math.round(mtimeMs) };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
