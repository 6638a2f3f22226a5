import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { makeClip } from './clip.ts';

const PAGE_BYTES = 4096;
const PIECE_BYTES = 16 * 1024 * 1024;

/**
 * A film that can be watched, and behind it a box that says nothing (ISO/IEC 14496-12, `free` with a `largesize`),
 * whose every page has its number: no byte can come to lie at a wrong place unnoticed.
 */
export class LargeFilm {
  readonly bytes: number;
  readonly #head: Buffer;

  private constructor(clip: Buffer, bytes: number) {
    this.bytes = bytes;
    const box = Buffer.alloc(16);
    box.writeUInt32BE(1);
    box.write('free', 4, 'latin1');
    box.writeBigUInt64BE(BigInt(bytes - clip.length), 8);
    this.#head = Buffer.concat([clip, box]);
  }

  /** @param folder for the clip that it begins with */
  static async make(folder: string, bytes: number): Promise<LargeFilm> {
    return new LargeFilm(readFileSync(await makeClip(folder)), bytes);
  }

  read(start: number, end: number): Buffer {
    const from = start - (start % PAGE_BYTES);
    const bytes = Buffer.alloc(
      Math.ceil((end - from) / PAGE_BYTES) * PAGE_BYTES,
      'page of a film, ',
    );
    for (let at = 0; at < bytes.length; at += PAGE_BYTES) bytes.writeDoubleBE(from + at, at);
    if (from < this.#head.length) this.#head.copy(bytes, 0, from);
    return bytes.subarray(start - from, end - from);
  }

  /** SHA-256, hexadecimal. */
  async checksum(): Promise<string> {
    const hash = createHash('sha256');
    for (const piece of this.#pieces()) {
      hash.update(piece);
      await turn();
    }
    return hash.digest('hex');
  }

  /** @returns its SHA-256, hexadecimal */
  async writeTo(path: string): Promise<string> {
    const hash = createHash('sha256');
    const file = await open(path, 'wx');
    try {
      for (const piece of this.#pieces()) {
        hash.update(piece);
        await file.writeFile(piece);
      }
    } finally {
      await file.close();
    }
    return hash.digest('hex');
  }

  *#pieces(): Generator<Buffer> {
    for (let at = 0; at < this.bytes; at += PIECE_BYTES) {
      yield this.read(at, Math.min(this.bytes, at + PIECE_BYTES));
    }
  }
}
