import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { until } from '../../test/support/live-server.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createDiskMediaFiles } from '../store/media-files/disk-media-files.ts';
import type { MediaFiles } from '../store/media-files/media-files.ts';
import { mediaKey } from '../store/media-files/media-key.ts';
import { assetWork, prepareAgain, removeFilesLater } from './asset-work.ts';
import { Catalogue } from './catalogue.ts';
import { playableAssets } from './playable-asset.ts';
import type { Preparation } from './preparation/preparation.ts';
import { SERVER } from './reader.ts';

const log = pino({ level: 'silent' });
const OWNER = { id: 'somebody', name: 'Somebody' };
const RENDITION = { role: 'rendition', name: 'video-0.mp4', type: 'video/mp4', bytes: 4 } as const;

describe.each(DATABASE_KINDS)('work on Assets, on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let folder: string;
  let files: MediaFiles;
  let catalogue: Catalogue;

  beforeAll(async () => {
    databases = await testDatabases(kind);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-work-'));
    db = await openDatabase({ ...(await databases.create()), log });
    files = await createDiskMediaFiles(join(folder, 'media'));
    catalogue = createCatalogue();
  });
  afterEach(async () => {
    await catalogue.close();
    await files.close();
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => databases.close());

  function createCatalogue(): Catalogue {
    const one: Catalogue = new Catalogue({
      ...{ db, log },
      onDelete: (ids, trx) => removeFilesLater(one.jobs, ids, trx),
    });
    return one;
  }
  const start = (prepare: Preparation['prepare']) => {
    const preparation = { prepare, close: async () => undefined };
    catalogue.start(assetWork({ catalogue, files, preparation }));
  };
  const isDone = async () => (await catalogue.jobs.count()).every(({ jobs }) => jobs === 0);

  test('what was put by a node that did not know of the deletion does not stay', async () => {
    const asset = await catalogue.assets.create({ title: 'x', state: 'preparing' }, OWNER);
    const id = asset.id;
    let hasPut = false;
    start(async () => {
      // Another node: this one's runs hear of it with the next renewal only.
      const other = createCatalogue();
      await other.assets.delete(id, SERVER);
      // Its removal is done before something else is put here.
      await db.deleteFrom('jobs').execute();
      await files.removeAsset(id);
      await files.put(mediaKey(id, RENDITION.name), { stream: Readable.from(['late']) });
      hasPut = true;
      return { version: 1, kind: 'video', watchable: true, files: [], rungs: [], notes: [] };
    });
    await catalogue.jobs.add({ kind: 'prepare', assetId: id });
    await until(() => hasPut);
    await until(async () => (await files.list(id)).length === 0);
    await until(isDone);
  });

  test('what was refused is prepared again when somebody asks for it, and only then', async () => {
    const { id } = await catalogue.assets.create({ title: 'x', state: 'preparing' }, OWNER);
    let isBroken = true;
    start(async () => {
      if (isBroken) throw new Error('broken');
      return { version: 1, kind: 'video', watchable: true, files: [], rungs: [], notes: [] };
    });
    const state = async () => (await catalogue.assets.get(id, SERVER)).state;
    await catalogue.jobs.add({ kind: 'prepare', assetId: id, maxAttempts: 1 });
    await until(async () => (await state()) === 'refused');
    await until(async () => (await catalogue.jobs.ofAssets([id]))[0]?.state === 'failed');
    const stranger = { id: undefined, role: 'stranger' } as const;
    await expect(prepareAgain(catalogue, id, stranger)).rejects.toMatchObject({ code: 'notFound' });
    isBroken = false;
    const asked = await Promise.allSettled([1, 2].map(() => prepareAgain(catalogue, id, SERVER)));
    expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await until(async () => (await state()) === 'ready');
    await until(isDone);
    // And what is ready, too: all of it.
    await prepareAgain(catalogue, id, SERVER);
    expect(await catalogue.assets.get(id, SERVER)).not.toHaveProperty('reason');
    await until(async () => (await state()) === 'ready');
  });

  test('the words of captions are found, of many tracks as many as the search takes', async () => {
    const { id } = await catalogue.assets.create({ title: 'x', state: 'preparing' }, OWNER);
    const opened: string[] = [];
    const captions = Array.from({ length: 6 }, (_, index) => ({
      ...{ role: 'captions' as const, name: `captions-${index}.vtt`, type: 'text/vtt', bytes: 1 },
    }));
    captions[1] = { ...RENDITION, ...captions[1], role: 'captions', bytes: 4_000_001 };
    const words = (track: number) =>
      Array.from({ length: 6_000 }, (_, index) => `${'w'.repeat(50)}x${track}x${index}`).join(' ');
    for (const [index, { name }] of captions.entries()) {
      const vtt = `WEBVTT\n\n00:01.000 --> 00:02.000\n${words(index)}\n`;
      await files.put(mediaKey(id, name), { stream: Readable.from([vtt]) });
    }
    const plain = files;
    files = {
      ...plain,
      open: (key, range) => {
        opened.push(key);
        return plain.open(key, range);
      },
    };
    start(async () => ({
      ...{ version: 1, kind: 'video', watchable: true, rungs: [], notes: [] },
      files: captions,
    }));
    await catalogue.jobs.add({ kind: 'prepare', assetId: id });
    await until(async () => (await catalogue.assets.get(id, SERVER)).state === 'ready');
    expect(opened.map((key) => key.split('/')[1])).toEqual(
      [0, 2, 3].map((index) => `captions-${index}.vtt`),
    );
    const found = async (track: number) =>
      (await catalogue.assets.list({ text: `${'w'.repeat(50)}x${track}x5` }, SERVER)).assets.length;
    expect([await found(0), await found(1), await found(2), await found(5)]).toEqual([1, 0, 1, 0]);
  });

  test('a media file that cannot be released is no end of the server', async () => {
    const { id } = await catalogue.assets.create(
      { title: 'x', state: 'ready', kind: 'video', duration: 1, files: [RENDITION] },
      OWNER,
    );
    const rung = { ...RENDITION, file: RENDITION.name, width: 2, height: 2, bitrate: 1 };
    const made = {
      ...{ version: 1, kind: 'video', watchable: true, duration: 1, files: [RENDITION] },
      rungs: [{ ...rung, keyFrameInterval: 1 }],
    };
    for (const [name, content] of [
      [RENDITION.name, 'film'],
      ['made.json', JSON.stringify(made)],
    ] as const) {
      await files.put(mediaKey(id, name), { stream: Readable.from([content]) });
    }
    const stuck: MediaFiles = {
      ...files,
      local: async (key) => ({
        ...(await files.local(key)),
        release: () => Promise.reject(new Error('stuck')),
      }),
    };
    const lines: string[] = [];
    const told = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const { release } = await playableAssets(catalogue, stuck, told).open(id, SERVER);
    release();
    release();
    await until(() => lines.length === 1);
    expect(lines[0]).toContain('was not released');
  });
});
