import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { hasCode } from '../../store/media-files/errors.ts';

/**
 * The path of a file in a folder, on the way to which there is no symbolic link.
 *
 * @param path from the folder on
 * @throws SfumatoError `notFound` where it is not there; `forbidden` where it leads somewhere else
 */
export async function pathInside(folder: string, path: string): Promise<string> {
  try {
    const root = await realpath(folder);
    const real = await realpath(join(root, path));
    if (real === join(root, path) && real.startsWith(root + sep)) return real;
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new SfumatoError('notFound', 'The file is gone from the watched folder.', { cause });
  }
  throw new SfumatoError('forbidden', 'The file leads out of the watched folder.');
}
