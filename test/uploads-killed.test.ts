/** 2 GB go up while the server is killed again and again: what arrives is what was sent. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeClip } from './support/clip.ts';
import { ADMIN_TOKEN, startEmptyServer } from './support/going-live.ts';
import type { ServerProcess } from './support/server-process.ts';
import { Uploader } from './support/uploading.ts';

const BYTES = 2 * 1024 ** 3;
const KILLS = 4;
/** Small enough that little is sent twice, large enough that requests do not count. Bytes. */
const CHUNK_BYTES = 64 * 1024 * 1024;
const PAGE_BYTES = 4096;

let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-killed-'));
  server = await startEmptyServer(folder);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/**
 * A film that can be watched, and behind it a box that says nothing (ISO/IEC 14496-12, `free` with a `largesize`),
 * whose every page has its number: no byte can come to lie at a wrong place unnoticed.
 */
class LargeFilm {
  readonly #head: Buffer;

  constructor(clip: Buffer) {
    const box = Buffer.alloc(16);
    box.writeUInt32BE(1);
    box.write('free', 4, 'latin1');
    box.writeBigUInt64BE(BigInt(BYTES - clip.length), 8);
    this.#head = Buffer.concat([clip, box]);
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
    for (let at = 0; at < BYTES; at += CHUNK_BYTES) {
      hash.update(this.read(at, Math.min(BYTES, at + CHUNK_BYTES)));
      await turn();
    }
    return hash.digest('hex');
  }
}

/** Mulberry32: the same seed, the same moments. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test('an upload of 2 GB survives kill -9 of the server at random moments', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  process.stdout.write(`seed ${seed}\n`);
  const next = random(seed);
  const kills = Array.from({ length: KILLS }, () => next() * BYTES).toSorted((a, b) => a - b);
  const film = new LargeFilm(readFileSync(await makeClip(folder)));
  const begun = performance.now();
  let killing: Promise<void> | undefined;
  let killed = 0;
  const restart = async () => {
    await server.kill();
    await server.start();
    killed += 1;
    killing = undefined;
  };
  const killAt = (sent: number) => {
    if (killing !== undefined || sent < (kills[killed] ?? Infinity)) return;
    killing = restart();
  };
  const uploader = new Uploader(server.url, { authorization: `Bearer ${ADMIN_TOKEN}` });
  let furthest = 0;
  const id = await uploader.send(
    Buffer.alloc(0),
    { filename: 'large.mp4' },
    {
      chunkSize: CHUNK_BYTES,
      uploadSize: BYTES,
      retryDelays: Array<number>(100).fill(100),
      onShouldRetry: () => true,
      onProgress: (sent) => {
        furthest = Math.max(sent, furthest);
        killAt(sent);
      },
      fileReader: {
        openFile: async () => ({
          size: BYTES,
          slice: async (start, end) => {
            const last = Math.min(end, BYTES);
            const value = film.read(start, last);
            // The client asks for `size`, as of a Blob.
            return { value: Object.assign(value, { size: value.length }), done: last >= BYTES };
          },
          close: () => undefined,
        }),
      },
    },
  );
  await killing;
  const uploadedMs = performance.now() - begun;
  const checksum = await film.checksum();
  const asset = await uploader.settled(id);
  process.stdout.write(
    `${Math.round(uploadedMs)} ms for the upload, ${Math.round(performance.now() - begun)} ms in all\n`,
  );
  expect(killed).toBe(KILLS);
  expect(asset).toMatchObject({ state: 'ready', bytes: BYTES, checksum, watchable: true });
});
