import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode } from '../store/media-files/errors.ts';
import { sync } from '../store/atomic.ts';

const placeSchema = z.string().regex(/^[0-9a-f]{16}$/);

/**
 * The name of a folder that servers put files into, which it keeps: servers that share a database know by it
 * whether they share the disk, too.
 */
export async function placeOf(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, '.place');
  const known = await readPlace(path);
  if (known !== undefined) return known;
  const temp = join(folder, `.place-${randomBytes(8).toString('hex')}`);
  await writeFile(temp, randomBytes(8).toString('hex'), { flag: 'wx' });
  await sync(temp);
  try {
    // Another server may have named it in this moment.
    await link(temp, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(temp, { force: true });
  }
  await sync(folder);
  return placeSchema.parse(await readFile(path, 'utf8'));
}

async function readPlace(path: string): Promise<string | undefined> {
  try {
    return placeSchema.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
