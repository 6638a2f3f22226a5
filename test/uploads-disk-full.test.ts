/** A disk that is full: uploads wait for room, and everything else goes on. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from './support/app.ts';
import { makeClip } from './support/clip.ts';
import { ADMIN_TOKEN, createChannel } from './support/going-live.ts';
import { type Publication, publish, type RtcClient, watch } from './support/libdatachannel.ts';
import { until } from './support/live-server.ts';
import { errorSchema, sha256, Uploader } from './support/uploading.ts';

const run = promisify(execFile);
const MB = 1024 * 1024;
const DISK_MB = 160;

/** Only root may mount. */
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot('on a small disk', () => {
  let disk: string;
  let server: TestApp;
  let uploader: Uploader;
  let clip: Buffer;
  let publisher: Publication;
  let viewer: RtcClient;

  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'sfumato-small-disk-'));
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'sfumato-test', disk]);
    server = await startApp({ DATA_DIR: join(disk, 'data'), ADMIN_TOKEN });
    uploader = new Uploader(server.url, { authorization: `Bearer ${ADMIN_TOKEN}` });
    clip = readFileSync(await makeClip(server.folder));
    const key = await createChannel(server.url, 'live', 'Live');
    publisher = await publish(`${server.url}/whip/live`, key);
    viewer = await watch(`${server.url}/whep/live`);
    await until(() => viewer.received.video.packets > 0);
  });
  afterAll(async () => {
    viewer?.close();
    publisher?.close();
    await server?.close();
    await run('umount', ['--lazy', disk]);
    await rm(disk, { recursive: true, force: true });
  });

  const filler = () => join(disk, 'filler');
  const fill = () => writeFile(filler(), Buffer.alloc(DISK_MB * MB)).catch(() => undefined);
  const makeRoom = () => truncate(filler(), 0);
  const kept = () => readdirSync(join(disk, 'data', 'uploads')).filter((name) => name !== '.place');
  const flows = async () => {
    const before = viewer.received.video.packets;
    await until(() => viewer.received.video.packets > before + 20);
  };
  async function errorOf(answer: Response) {
    return { status: answer.status, ...errorSchema.parse(await answer.json()).error };
  }

  test('what cannot fit is refused before it is sent', async () => {
    const answer = await uploader.announce({ filename: 'a.mp4' }, DISK_MB * MB);
    expect(await errorOf(answer)).toMatchObject({ status: 507, code: 'noRoom' });
    expect(await uploader.get('/assets')).toMatchObject({ assets: [] });
  });

  test('full in the middle: it is said, nothing half is left of what is ended', async () => {
    const { path, assetId } = await uploader.begin('a.mp4', 80 * MB);
    expect((await uploader.part(path, 0, Buffer.alloc(8 * MB))).status).toBe(204);
    await fill();
    const answer = await uploader.part(path, 8 * MB, Buffer.alloc(40 * MB));
    expect(await errorOf(answer)).toMatchObject({
      ...{ status: 507, code: 'noRoom', message: 'The server’s disk is full.' },
      hint: expect.stringContaining('goes on when there is room'),
    });
    await flows();
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await uploader.asset(assetId)).toMatchObject({ state: 'uploading', files: [] });
    // No room has to be made for this: what had come makes it.
    expect((await uploader.ask('DELETE', path)).status).toBe(204);
    expect(await uploader.asset(assetId)).toBeUndefined();
    expect(kept()).toEqual([]);
    await flows();
    await makeRoom();
  });

  test('full while tus-js-client sends: with room it ends well', async () => {
    const film = Buffer.concat([clip, freeBox(40 * MB)]);
    const errors: number[] = [];
    const sending = uploader.send(
      film,
      { filename: 'film.mp4' },
      {
        chunkSize: 8 * MB,
        retryDelays: Array<number>(200).fill(100),
        onChunkComplete: (_size, accepted) => {
          if (accepted === 16 * MB) void fill();
        },
        onShouldRetry: (error) => {
          if ('originalResponse' in error) errors.push(error.originalResponse?.getStatus() ?? 0);
          return true;
        },
      },
    );
    await until(() => errors.includes(507));
    expect(existsSync(join(disk, 'data', 'uploads', kept()[0] ?? ''))).toBe(true);
    await flows();
    await makeRoom();
    const asset = await uploader.settled(await sending);
    expect(asset).toMatchObject({ state: 'ready', checksum: sha256(film), watchable: true });
    await flows();
    // Another code would mean that a client gives up: only those were seen, and breaks.
    expect(errors.every((status) => [0, 507].includes(status))).toBe(true);
  });
});

/** Bytes of ISO/IEC 14496-12 that say nothing. */
function freeBox(bytes: number): Buffer {
  const box = Buffer.alloc(bytes, 'nothing ');
  box.writeUInt32BE(bytes);
  box.write('free', 4, 'latin1');
  return box;
}
