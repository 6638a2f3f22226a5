import { stat } from 'node:fs/promises';
import { hasCode } from './media-files/errors.ts';

/** Is there a file, or a link that leads to one? */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
