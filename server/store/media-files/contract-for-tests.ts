import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MediaFiles } from './media-files.ts';
import { mediaKey } from './media-key.ts';

const ASSET = 'ABCDEFGH23456723';
const OTHER = 'ZBCDEFGH23456723';

/** More than one part of an upload to S3. */
const LARGE_BYTES = 20 * 1024 * 1024 + 7;

/** What every kind of media files has to do, tried on a real one. */
export function describeMediaFiles(
  name: string,
  create: (folder: string) => Promise<{ files: MediaFiles; close(): Promise<void> }>,
): void {
  describe(`media files: ${name}`, () => {
    let folder: string;
    let made: Awaited<ReturnType<typeof create>>;
    let files: MediaFiles;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sfumato-media-files-'));
      made = await create(folder);
      ({ files } = made);
    });
    afterAll(async () => {
      await files.close();
      await files.close();
      await made.close();
      await rm(folder, { recursive: true, force: true });
    });
    const bring = (text: string | Buffer) => ({ stream: Readable.from([Buffer.from(text)]) });
    const read = async (key: ReturnType<typeof mediaKey>, range?: { start: number; end: number }) =>
      (await buffer((await files.open(key, range)).stream)).toString();

    test('what was put is there, whole and in parts', async () => {
      const key = mediaKey(ASSET, 'text.txt');
      const put = await files.put(key, bring('0123456789'));
      expect(put).toMatchObject({ size: 10, etag: expect.stringMatching(/^"[^"]+"$/) });
      expect(await files.stat(key)).toEqual(put);
      expect(await read(key)).toBe('0123456789');
      expect(await read(key, { start: 2, end: 4 })).toBe('234');
      expect(await read(key, { start: 9, end: 9 })).toBe('9');
      const { stream, ...opened } = await files.open(key, { start: 0, end: 0 });
      stream.destroy();
      expect(opened).toEqual(put);
    });

    test('another file under the same key has another ETag; who reads the old one reads on', async () => {
      const key = mediaKey(ASSET, 'twice.txt');
      const first = await files.put(key, bring('first'));
      const { stream } = await files.open(key);
      const second = await files.put(key, bring('other'));
      expect(second.etag).not.toBe(first.etag);
      expect((await buffer(stream)).toString()).toBe('first');
      expect(await read(key)).toBe('other');
    });

    test('what is not there is told as such', async () => {
      const key = mediaKey(ASSET, 'nothing.txt');
      expect(await files.stat(key)).toBeUndefined();
      await expect(files.open(key)).rejects.toMatchObject({ code: 'notFound' });
      await expect(files.local(key)).rejects.toMatchObject({ code: 'notFound' });
      await files.remove(key);
      expect(await files.list('QBCDEFGH23456723')).toEqual([]);
    });

    test('a file is copied or moved, and read at a path', async () => {
      const [kept, moved] = [join(folder, 'kept'), join(folder, 'moved')];
      await writeFile(kept, 'kept');
      await writeFile(moved, 'moved');
      await files.put(mediaKey(ASSET, 'a.bin'), { file: kept });
      await files.put(mediaKey(ASSET, 'b.bin'), { file: moved, mayMove: true });
      expect(await readFile(kept, 'utf8')).toBe('kept');
      await expect(stat(moved)).rejects.toThrow('ENOENT');
      const local = await files.local(mediaKey(ASSET, 'b.bin'));
      expect(await readFile(local.path, 'utf8')).toBe('moved');
      await local.release();
      await local.release();
      expect(await read(mediaKey(ASSET, 'b.bin'))).toBe('moved');
    });

    test('a file is kept where it lies, and its own place is left alone', async () => {
      const outside = join(folder, 'Somebody’s film.mp4');
      await writeFile(outside, 'film');
      const key = mediaKey(OTHER, 'original');
      expect(await files.link(key, outside)).toMatchObject({ size: 4 });
      expect(await read(key, { start: 1, end: 2 })).toBe('il');
      const local = await files.local(key);
      expect(local.path).not.toContain('Somebody');
      expect(await readFile(local.path, 'utf8')).toBe('film');
      await local.release();
      await files.removeAsset(OTHER);
      expect(await files.stat(key)).toBeUndefined();
      expect(await readFile(outside, 'utf8')).toBe('film');
      const gone = files.link(key, join(folder, 'gone.mp4'));
      await expect(gone).rejects.toMatchObject({ code: 'notFound' });
      expect(await files.stat(key)).toBeUndefined();
    });

    test('a large file arrives byte for byte', async () => {
      const key = mediaKey(ASSET, 'large.bin');
      const bytes = Buffer.alloc(LARGE_BYTES);
      for (let at = 0; at < bytes.length; at += 4093) bytes[at] = at % 251;
      const put = await files.put(key, { stream: Readable.from(pieces(bytes)) });
      expect(put.size).toBe(LARGE_BYTES);
      const hash = createHash('sha256');
      for await (const piece of (await files.open(key)).stream) hash.update(piece);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    });

    test('what breaks off or is given up leaves nothing, and not the old file in pieces', async () => {
      const key = mediaKey(ASSET, 'broken.txt');
      const breaking = () =>
        Readable.from(
          (async function* () {
            yield Buffer.from('half');
            throw new Error('The network went away.');
          })(),
        );
      await expect(files.put(key, { stream: breaking() })).rejects.toThrow();
      expect(await files.stat(key)).toBeUndefined();
      await files.put(key, bring('whole'));
      await expect(files.put(key, { stream: breaking() })).rejects.toThrow();
      const controller = new AbortController();
      const given = files.put(key, { stream: endless() }, controller.signal);
      setImmediate(() => controller.abort(new Error('Enough.')));
      await expect(given).rejects.toThrow();
      expect(await read(key)).toBe('whole');
    });

    test('an Asset goes with everything that it has, and no other one', async () => {
      const other = mediaKey(OTHER, 'stays.txt');
      await files.put(other, bring('stays'));
      await files.put(mediaKey(ASSET, 'goes.txt'), bring('goes'));
      await files.put(mediaKey(ASSET, 'goes-too.txt'), bring('goes'));
      expect(await files.list(ASSET)).toEqual(expect.arrayContaining(['goes-too.txt', 'goes.txt']));
      await files.remove(mediaKey(ASSET, 'goes.txt'));
      expect(await files.list(ASSET)).not.toContain('goes.txt');
      await files.removeAsset(ASSET);
      await files.removeAsset(ASSET);
      expect(await files.list(ASSET)).toEqual([]);
      expect(await read(other)).toBe('stays');
    });
  });
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

function endless(): Readable {
  return new Readable({
    read() {
      setImmediate(() => this.push(Buffer.alloc(1024)));
    },
  });
}
