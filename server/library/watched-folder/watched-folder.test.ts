import { createHash } from 'node:crypto';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import {
  DATABASE_KINDS,
  type TestDatabases,
  testDatabases,
} from '../../../test/support/databases.ts';
import { until } from '../../../test/support/live-server.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { createMediaFiles } from '../../store/media-files/create-media-files.ts';
import type { MediaFiles } from '../../store/media-files/media-files.ts';
import { mediaKey } from '../../store/media-files/media-key.ts';
import { ORIGINAL } from '../asset-work.ts';
import { Catalogue } from '../catalogue.ts';
import { ingestWork } from '../ingest-work.ts';
import { placeOf } from '../place.ts';
import { SERVER } from '../reader.ts';
import { WatchedFolder } from './watched-folder.ts';

const log = pino({ level: 'silent' });

describe.each(DATABASE_KINDS)('the watched folder on %s', (kind) => {
  let databases: TestDatabases;
  let base: string;
  let folder: string;
  let db: Database;
  let catalogue: Catalogue;
  let files: MediaFiles;
  const watching: WatchedFolder[] = [];

  beforeAll(async () => {
    databases = await testDatabases(kind);
  });
  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'sfumato-watched-')));
    folder = join(base, 'watched');
    await mkdir(folder);
    db = await openDatabase({ ...(await databases.create()), log });
    files = await createMediaFiles({ dataDir: join(base, 'data'), s3: undefined });
  });
  afterEach(async () => {
    await Promise.all(watching.splice(0).map((one) => one.close()));
    await catalogue.close();
    await files.close();
    await db.destroy();
    await rm(base, { recursive: true, force: true });
  });
  afterAll(() => databases.close());

  async function open(inPlace = false, settlesMs = 100): Promise<WatchedFolder> {
    const dataDir = join(base, 'data');
    const place = await placeOf(join(dataDir, 'uploads'));
    catalogue = new Catalogue({ db, log });
    const common = { catalogue, db, place, log };
    catalogue.start({
      ...ingestWork({ ...common, files, uploadsFolder: base, watchedFolder: folder }),
      // What comes after is somebody else's work.
      prepare: {
        run: async ({ assetId }) =>
          void (await catalogue.assets.record(assetId ?? '', { state: 'ready' })),
      },
    });
    const watched = await WatchedFolder.open({
      ...{ ...common, folder, dataDir, inPlace, visibility: 'private' },
      ...{ settlesMs, lookEveryMs: 100 },
    });
    watching.push(watched);
    return watched;
  }
  const all = async () => (await catalogue.assets.list({ sort: 'title' }, SERVER)).assets;
  const titles = async () => (await all()).map(({ title }) => title);
  const ready = (count: number) =>
    until(async () => {
      const assets = await all();
      return assets.length === count && assets.every(({ state }) => state === 'ready');
    });
  const contentOf = async (id: string) => text((await files.open(mediaKey(id, ORIGINAL))).stream);
  /** Long enough for some looks. */
  async function someLooks(): Promise<void> {
    await writeFile(join(folder, 'zz-last.mp4'), 'last');
    await until(async () => (await titles()).includes('zz-last'));
  }

  test('what is there at the start and what comes later, in folders in it, is taken once', async () => {
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await writeFile(join(folder, 'a', 'b', 'First_one.MP4'), 'one');
    await writeFile(join(folder, 'readme.txt'), 'no');
    await writeFile(join(folder, '.hidden.mp4'), 'no');
    const watched = await open();
    await ready(1);
    await mkdir(join(folder, 'c'));
    await writeFile(join(folder, 'c', 'second.mkv'), 'two');
    await ready(2);
    const [first, second] = await all();
    expect(first).toMatchObject({
      ...{ title: 'First one', originalName: 'First_one.MP4', visibility: 'private', bytes: 3 },
      checksum: createHash('sha256').update('one').digest('hex'),
      owner: { id: 'server' },
    });
    expect(await contentOf(second?.id ?? '')).toBe('two');
    expect(await readFile(join(folder, 'c', 'second.mkv'), 'utf8')).toBe('two');
    // What was deleted does not come back, and after a restart nothing is taken again.
    await catalogue.assets.delete(first?.id ?? '', SERVER);
    await watched.close();
    await catalogue.close();
    await open();
    await someLooks();
    expect(await titles()).toEqual(['second', 'zz-last']);
  });

  test('a file that is being written is taken when it is whole', async () => {
    // Longer than the disk of a busy machine is silent.
    await open(false, 10_000);
    const path = join(folder, 'grows.mp4');
    await writeFile(path, '');
    for (let part = 0; part < 20; part += 1) {
      await appendFile(path, 'x'.repeat(1000));
      await sleep(150);
    }
    await until(async () => (await all()).some(({ bytes }) => bytes === 20_000));
    await ready(1);
  });

  test('a file that changed is another one', async () => {
    await open();
    await writeFile(join(folder, 'a.mp4'), 'before');
    await ready(1);
    await writeFile(join(folder, 'a.mp4'), 'afterwards');
    await ready(2);
    const contents = await Promise.all((await all()).map(({ id }) => contentOf(id)));
    expect(contents.toSorted()).toEqual(['afterwards', 'before']);
  });

  test('links lead nowhere', async () => {
    await writeFile(join(base, 'secret.mp4'), 'secret');
    await mkdir(join(base, 'outside'));
    await writeFile(join(base, 'outside', 'also.mp4'), 'secret');
    await symlink(join(base, 'secret.mp4'), join(folder, 'link.mp4'));
    await symlink(join(base, 'outside'), join(folder, 'outside'));
    await symlink('..', join(folder, 'up'));
    await open();
    await someLooks();
    expect(await titles()).toEqual(['zz-last']);
  });

  test('in place it stays where it is; taken away there, that is said, and deleting leaves it', async () => {
    await open(true);
    await writeFile(join(folder, 'film.mp4'), 'film');
    await writeFile(join(folder, 'kept.mp4'), 'kept');
    await ready(2);
    const [film = { id: '' }, other = { id: '' }] = await all();
    expect(await contentOf(film.id)).toBe('film');
    const { path } = await files.local(mediaKey(film.id, ORIGINAL));
    expect(path.startsWith(join(base, 'data', 'media'))).toBe(true);
    expect(await realpath(path)).toBe(join(folder, 'film.mp4'));
    await rename(join(folder, 'film.mp4'), join(base, 'elsewhere.mp4'));
    await expect(contentOf(film.id)).rejects.toMatchObject({
      ...{ code: 'notFound', message: expect.stringContaining('no longer where it was left') },
    });
    await files.removeAsset(other.id);
    expect(await readFile(join(folder, 'kept.mp4'), 'utf8')).toBe('kept');
  });

  test('the server’s own files are not taken, wherever they are', async () => {
    folder = base;
    await mkdir(join(base, 'data', 'media', 'X'), { recursive: true });
    await writeFile(join(base, 'data', 'media', 'X', 'video-0.mp4'), 'ours');
    await open();
    await someLooks();
    expect(await titles()).toEqual(['zz-last']);
  });
});
