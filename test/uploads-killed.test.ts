/** 2 GB go up while the server is killed again and again: what arrives is what was sent. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADMIN_TOKEN, startEmptyServer } from './support/going-live.ts';
import { LargeFilm } from './support/large-film.ts';
import { randomMoments } from './support/random.ts';
import type { ServerProcess } from './support/server-process.ts';
import { Uploader } from './support/uploading.ts';

const BYTES = 2 * 1024 ** 3;
const KILLS = 4;
/** Small enough that little is sent twice, large enough that requests do not count. Bytes. */
const CHUNK_BYTES = 64 * 1024 * 1024;

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

test('an upload of 2 GB survives kill -9 of the server at random moments', async () => {
  const next = randomMoments();
  const kills = Array.from({ length: KILLS }, () => next() * BYTES).toSorted((a, b) => a - b);
  const film = await LargeFilm.make(folder, BYTES);
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
