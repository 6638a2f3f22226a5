import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startS3 } from '../../../test/support/s3-server.ts';
import { describeMediaFiles } from './contract-for-tests.ts';
import { createDiskMediaFiles } from './disk-media-files.ts';
import { mediaKey, parseMediaKey } from './media-key.ts';
import { createS3MediaFiles } from './s3-media-files.ts';

describeMediaFiles('disk', async (folder) => ({
  files: await createDiskMediaFiles(join(folder, 'media')),
  close: async () => undefined,
}));

describeMediaFiles('S3', async (folder) => {
  const server = await startS3(join(folder, 'buckets'));
  const files = await createS3MediaFiles(server.settings, join(folder, 'scratch'));
  return { files, close: server.close };
});

test('a crash leaves nothing that the next start would show or keep', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-disk-'));
  try {
    await mkdir(join(folder, '.tmp-999999-1-1'));
    const files = await createDiskMediaFiles(folder);
    await files.close();
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('what another process has cleared away is made again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-disk-'));
  try {
    const files = await createDiskMediaFiles(join(folder, 'media'));
    const clear = () => rm(join(folder, 'media'), { recursive: true });
    await clear();
    const key = mediaKey(ASSET, 'original');
    expect(await files.put(key, { stream: Readable.from(['film']) })).toMatchObject({ size: 4 });
    await writeFile(join(folder, 'film.mp4'), 'in place');
    await clear();
    expect(await files.link(key, join(folder, 'film.mp4'))).toMatchObject({ size: 8 });
    await files.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('what lies elsewhere and was taken away there is said to be so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-disk-'));
  try {
    const files = await createDiskMediaFiles(join(folder, 'media'));
    await writeFile(join(folder, 'film.mp4'), 'film');
    const key = mediaKey(ASSET, 'original');
    await files.link(key, join(folder, 'film.mp4'));
    await rm(join(folder, 'film.mp4'));
    const gone = { code: 'notFound', message: 'The file is no longer where it was left.' };
    await expect(files.open(key)).rejects.toMatchObject(gone);
    await expect(files.local(key)).rejects.toMatchObject(gone);
    // Another one may take its place.
    await files.put(key, { stream: Readable.from(['copy']) });
    expect(await files.stat(key)).toMatchObject({ size: 4 });
    await files.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const ASSET = 'ABCDEFGH23456723';

test.each(['original', 'video-0.mp4', 'image-320.avif', 'captions-2.vtt', 'a.tar.gz'])(
  '%s is a name',
  (name) => {
    expect(mediaKey(ASSET, name)).toBe(`${ASSET}/${name}`);
  },
);

test.each([
  ['', 'a.mp4'],
  ['..', 'a.mp4'],
  ['ABCDEFGH2345672', 'a.mp4'],
  [`${ASSET}/..`, 'a.mp4'],
  [ASSET, ''],
  [ASSET, '..'],
  [ASSET, '.hidden'],
  [ASSET, '../../etc/passwd'],
  [ASSET, 'a/b.mp4'],
  [ASSET, 'a\\b.mp4'],
  [ASSET, 'a\0.mp4'],
  [ASSET, '-i'],
  [ASSET, 'UPPER.mp4'],
  [ASSET, 'höhe.mp4'],
  [ASSET, 'a.mp4\n'],
  [ASSET, 'a'.repeat(4096)],
])('%j, %j is no key', (assetId, name) => {
  expect(() => mediaKey(assetId, name)).toThrow();
});

test('whatever a name is made of, a key stays inside of its Asset', () => {
  const unit = fc.oneof(
    fc.constantFrom('../', '..\\', '/', '\0', '.', '~', '%2e%2e%2f', 'a', '-', '\u202e', '\ud800'),
    fc.string({ unit: 'binary' }),
  );
  const nasty = fc.array(unit, { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(nasty, nasty, (assetId, name) => {
      const keys = [() => mediaKey(ASSET, name), () => mediaKey(assetId, name)];
      for (const make of [...keys, () => parseMediaKey(`${assetId}/${name}`)]) {
        try {
          expect(make()).toMatch(/^[A-Z][A-Z2-7]{15}\/[a-z0-9][a-z0-9.-]*$/);
        } catch (error) {
          expect(error).toMatchObject({ issues: expect.anything() });
        }
      }
    }),
    { numRuns: 2000 },
  );
});
