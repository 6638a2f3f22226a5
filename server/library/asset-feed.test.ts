import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { until } from '../../test/support/live-server.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { AssetFeed, type FeedEvent } from './asset-feed.ts';
import { Catalogue } from './catalogue.ts';
import { type Reader, SERVER, STRANGER } from './reader.ts';

const log = pino({ level: 'silent' });
const OWNER = { id: 'me', name: 'me' };
const ME: Reader = { id: 'me', role: 'reader' };
const OTHER: Reader = { id: 'other', role: 'reader' };
const FILE = { role: 'rendition', name: 'video-0.mp4', type: 'video/mp4', bytes: 1 } as const;

describe.each(DATABASE_KINDS)('what is told of Assets on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let catalogue: Catalogue;
  let feed: AssetFeed;
  let settings: { dataDir: string; url: string | undefined };

  beforeEach(async () => {
    databases = await testDatabases(kind);
    settings = await databases.create();
    db = await openDatabase({ ...settings, log });
    catalogue = new Catalogue({ db, log });
    feed = new AssetFeed({ db, catalogue, log, spacingMs: 50 });
  });
  afterEach(async () => {
    feed.close();
    await db.destroy();
    await databases.close();
  });

  async function listen(reader: Reader, id?: string) {
    const events: FeedEvent[] = [];
    const undo = await feed.subscribe({ reader, id, tell: (event) => events.push(event) });
    const gone = () => events.flatMap((event) => (event.type === 'gone' ? [event.id] : []));
    const titles = () =>
      events.flatMap((event) => (event.type === 'asset' ? [event.asset.title] : []));
    return { events, undo, gone, titles };
  }
  const create = (title: string, visibility: 'public' | 'unlisted' | 'private', files = [FILE]) =>
    catalogue.assets.create({ title, visibility, files }, OWNER);

  test('everybody hears of what they may find', async () => {
    const [stranger, other, me] = [await listen(STRANGER), await listen(OTHER), await listen(ME)];
    for (const visibility of ['private', 'unlisted', 'public'] as const)
      await create(visibility, visibility);
    await until(
      () => stranger.events.length > 0 && me.events.length > 2 && other.events.length > 1,
    );
    expect(stranger.titles()).toEqual(['public']);
    expect(other.titles().toSorted()).toEqual(['public', 'unlisted']);
    expect(me.titles().toSorted()).toEqual(['private', 'public', 'unlisted']);
    expect(JSON.stringify(stranger.events)).not.toContain('owner');
    expect(JSON.stringify(other.events)).toContain('owner');
  });

  test('what becomes invisible is gone for those who could see it, and for nobody else', async () => {
    const { id } = await create('film', 'public');
    const [stranger, other, me] = [await listen(STRANGER), await listen(OTHER), await listen(ME)];
    await catalogue.assets.update(id, { visibility: 'unlisted' }, SERVER);
    await until(() => stranger.gone().length > 0);
    await catalogue.assets.update(id, { visibility: 'private' }, SERVER);
    await until(() => other.gone().length > 0);
    await catalogue.assets.delete(id, SERVER);
    await until(() => me.gone().length > 0);
    expect([stranger.gone(), other.gone(), me.gone()]).toEqual([[id], [id], [id]]);
    // While it was public they may have been told of it, by the first look for what other nodes did.
    expect(stranger.events.at(-1)).toEqual({ type: 'gone', id });
  });

  test('one that is named: as it is, each change, and its end', async () => {
    const { id } = await create('film', 'unlisted');
    const stranger = await listen(STRANGER, id);
    expect(stranger.titles()).toEqual(['film']);
    await create('another', 'public');
    await catalogue.assets.update(id, { title: 'Film' }, SERVER);
    await until(() => stranger.titles().includes('Film'));
    await catalogue.assets.update(id, { visibility: 'private' }, SERVER);
    await until(() => stranger.gone().length > 0);
    expect(stranger.titles()).toEqual(['film', 'Film']);
    await expect(listen(STRANGER, id)).rejects.toMatchObject({ code: 'notFound' });
    expect(feed.listeners).toBe(1);
  });

  test('many changes are few events, and the last one is told', async () => {
    const { id } = await create('film', 'public');
    const stranger = await listen(STRANGER);
    const start = performance.now();
    for (let count = 1; count <= 100; count += 1) {
      await catalogue.assets.update(id, { title: `film ${count}` }, SERVER);
    }
    await until(() => stranger.titles().at(-1) === 'film 100');
    const most = (performance.now() - start) / 50 + 1;
    expect(stranger.events.length).toBeLessThanOrEqual(most);
  });

  test('nobody is told after the end', async () => {
    const first = await listen(ME);
    const second = await listen(ME);
    expect(feed.listeners).toBe(2);
    first.undo();
    await create('film', 'public');
    await until(() => second.events.length > 0);
    expect(first.events).toEqual([]);
    second.undo();
    second.undo();
    expect(feed.listeners).toBe(0);
    feed.close();
    feed.close();
    await expect(listen(ME)).rejects.toMatchObject({ code: 'unavailable' });
  });

  if (kind === 'PostgreSQL') {
    test('what other nodes do is found', async () => {
      const otherDb = await openDatabase({ ...settings, log });
      const elsewhere = new Catalogue({ db: otherDb, log });
      const { id } = await create('film', 'public');
      const stranger = await listen(STRANGER);
      await elsewhere.assets.update(id, { title: 'Film' }, SERVER);
      await until(() => stranger.titles().includes('Film'));
      await elsewhere.assets.delete(id, SERVER);
      await until(() => stranger.gone().length > 0);
      expect(stranger.gone()).toEqual([id]);
      await otherDb.destroy();
    });
  }
});
