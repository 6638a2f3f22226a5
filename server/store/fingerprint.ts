import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

const SAMPLE_BYTES = 256 * 1024;
const SAMPLES = 16;

/**
 * Names a file by its content without reading all of it: its length, the time of its last change and
 * sixteen samples from its beginning to its end. A file that was moved or renamed is known again; a
 * file of 100 GB takes as long as one of 5 MB.
 */
export async function fingerprint(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size, mtimeMs } = await handle.stat();
    const hash = createHash('sha256').update(`${size}:${Math.floor(mtimeMs)}:`);
    for (const offset of sampleOffsets(size)) hash.update(await readAt(handle, offset));
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

function sampleOffsets(size: number): number[] {
  const last = Math.max(0, size - SAMPLE_BYTES);
  const step = Math.max(SAMPLE_BYTES, last / (SAMPLES - 1));
  const offsets: number[] = [];
  for (let offset = 0; offset < last; offset += step) offsets.push(Math.floor(offset));
  return [...offsets, last];
}

async function readAt(handle: FileHandle, offset: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(SAMPLE_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, SAMPLE_BYTES, offset);
  return buffer.subarray(0, bytesRead);
}
