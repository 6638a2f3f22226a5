import { createHash } from 'node:crypto';
import { constants, open } from 'node:fs/promises';

/** Short enough that the event loop, on which live Channels are, does not wait for it. Bytes. */
const CHUNK_BYTES = 256 * 1024;

/**
 * SHA-256 of a file, hexadecimal.
 *
 * @param onBytes how many were read so far
 * @throws the signal's reason; errors of the file system, ELOOP for a symbolic link
 */
export async function sha256Of(
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const hash = createHash('sha256');
  let bytes = 0;
  const chunks = handle.createReadStream({ highWaterMark: CHUNK_BYTES, signal });
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
    onBytes(bytes);
  }
  return hash.digest('hex');
}
