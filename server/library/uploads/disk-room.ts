import { statfs } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { hasCode } from '../../store/media-files/errors.ts';
import { diskFull, KEPT_FREE_BYTES } from './upload-limits.ts';

/**
 * Of what finds no room so much is still read: who is cut off in the middle of sending does not read the answer.
 * Bytes, milliseconds.
 */
const READ_IN_VAIN = { bytes: 64 * 1024 * 1024, ms: 10_000 };

/** Bytes that this process may still write there. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** @throws SfumatoError `noRoom` */
export async function demandFree(folder: string): Promise<void> {
  if ((await freeBytes(folder)) < KEPT_FREE_BYTES) throw diskFull();
}

/** Was it for want of room? */
export function isFull(error: unknown): boolean {
  if (error instanceof SfumatoError) return error.code === 'noRoom';
  return hasCode(error, 'ENOSPC', 'EDQUOT');
}

export async function readInVain(readable: Readable): Promise<void> {
  const until = performance.now() + READ_IN_VAIN.ms;
  let bytes = 0;
  for await (const chunk of chunksOf(readable)) {
    bytes += chunk.length;
    if (bytes > READ_IN_VAIN.bytes || performance.now() > until) return;
  }
}

/** Not to be destroyed when the loop is left. */
export function chunksOf(readable: Readable): AsyncIterable<Buffer> {
  return readable.iterator({ destroyOnReturn: false });
}
