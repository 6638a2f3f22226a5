import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { Assets } from './assets.ts';
import { Collections, type NewCollection } from './collections.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { type Reader, SERVER, STRANGER } from './reader.ts';

const log = pino({ level: 'silent' });
const ME = { id: 'me', name: 'Me' };
const asMe: Reader = { id: 'me', role: 'reader' };
const asOther: Reader = { id: 'other', role: 'reader' };
const NOBODYS = 'A'.repeat(16);

describe.each(DATABASE_KINDS)('collections on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let assets: Assets;
  let collections: Collections;

  beforeAll(async () => {
    databases = await testDatabases(kind);
    db = await openDatabase({ ...(await databases.create()), log });
    assets = new Assets({ db, jobs: new JobQueue(db, log), log });
    collections = new Collections(db);
  });
  beforeEach(async () => {
    await db.deleteFrom('collections').execute();
  });
  afterAll(async () => {
    await db.destroy();
    await databases.close();
  });

  const make = async (title: string, place: Partial<NewCollection> = {}) =>
    (await collections.create({ title, visibility: 'public', ...place }, ME, asMe)).id;
  const asset = async (title: string, visibility: 'public' | 'private' = 'public') =>
    (await assets.create({ title, visibility }, ME)).id;
  const titles = async (reader: Reader, parentId: string | null = null) =>
    (await collections.list(reader))
      .filter((one) => one.parentId === parentId)
      .map(({ title }) => title);
  const items = async (collection: string) =>
    (await assets.list({ collection }, SERVER)).assets.map(({ title }) => title).join('');

  test('one is kept as it was given, and begins private', async () => {
    const made = await collections.create({ title: 'Trip' }, ME, asMe);
    expect(made).toStrictEqual({
      ...{ id: made.id, parentId: null, title: 'Trip', description: '', visibility: 'private' },
      ...{ createdAt: made.createdAt, updatedAt: made.createdAt, owner: ME },
    });
    const details = { title: 'Trips', description: 'By train', visibility: 'public' } as const;
    expect(await collections.update(made.id, details, asMe)).toMatchObject(details);
    expect(await collections.get(made.id, STRANGER)).not.toHaveProperty('owner');
  });

  test('they are ordered, and moved', async () => {
    const [a, b, c] = [await make('a'), await make('b'), await make('c')];
    expect(await titles(STRANGER)).toEqual(['a', 'b', 'c']);
    await collections.update(c, { before: a }, asMe);
    expect(await titles(STRANGER)).toEqual(['c', 'a', 'b']);
    await collections.update(c, { before: null }, asMe);
    await collections.update(a, { title: 'A' }, asMe);
    expect(await titles(STRANGER)).toEqual(['A', 'b', 'c']);
    await make('d', { before: b });
    expect(await titles(STRANGER)).toEqual(['A', 'd', 'b', 'c']);
    for (let round = 0; round < 40; round += 1) {
      await collections.update(round % 2 === 0 ? a : c, { before: b }, asMe);
    }
    expect(await titles(STRANGER)).toEqual(['d', 'A', 'c', 'b']);
    const lost = collections.update(a, { before: NOBODYS }, asMe);
    await expect(lost).rejects.toMatchObject({ code: 'notFound' });
  });

  test('they are inside of each other, but never of themselves', async () => {
    const outer = await make('outer');
    const inner = await make('inner', { parentId: outer });
    const innermost = await make('innermost', { parentId: inner });
    expect(await titles(STRANGER, inner)).toEqual(['innermost']);
    for (const parentId of [outer, inner, innermost]) {
      const moving = collections.update(outer, { parentId }, asMe);
      await expect(moving).rejects.toMatchObject({ code: 'conflict' });
    }
    await collections.update(innermost, { parentId: outer, before: inner }, asMe);
    expect(await titles(STRANGER, outer)).toEqual(['innermost', 'inner']);
    await collections.update(innermost, { parentId: null }, asMe);
    expect(await titles(STRANGER)).toEqual(['outer', 'innermost']);
    await collections.delete(outer, asMe);
    await expect(collections.get(inner, SERVER)).rejects.toMatchObject({ code: 'notFound' });
    expect(await titles(SERVER)).toEqual(['innermost']);
  });

  test('there is an end to the depth', async () => {
    let parentId = await make('0');
    for (let depth = 1; depth < 16; depth += 1) parentId = await make(`${depth}`, { parentId });
    await expect(make('too deep', { parentId })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('moved at once against each other, they make no ring', async () => {
    const [a, b] = [await make('a'), await make('b')];
    const outcomes = await Promise.allSettled([
      collections.update(a, { parentId: b }, asMe),
      collections.update(b, { parentId: a }, asMe),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('private means private, also of what one is in', async () => {
    const secret = await make('secret', { visibility: 'private' });
    const shown = await make('shown', { parentId: secret });
    const byAddress = await make('by address', { visibility: 'unlisted' });
    expect(await titles(STRANGER)).toEqual(['shown']);
    expect((await collections.get(shown, asOther)).parentId).toBeNull();
    expect((await collections.get(shown, asMe)).parentId).toBe(secret);
    const below = await make('below', { parentId: byAddress });
    expect((await collections.get(below, STRANGER)).parentId).toBeNull();
    expect((await collections.get(below, asOther)).parentId).toBe(byAddress);
    await collections.delete(below, asMe);
    expect((await titles(asOther)).toSorted()).toEqual(['by address', 'shown']);
    for (const attempt of [
      collections.get(secret, asOther),
      collections.delete(secret, asOther),
      collections.create({ title: 'x', parentId: secret }, ME, asOther),
      assets.list({ collection: secret }, asOther),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'notFound' });
    }
    for (const attempt of [
      collections.update(shown, { title: 'x' }, asOther),
      collections.delete(shown, asOther),
      collections.create({ title: 'x', parentId: shown }, ME, asOther),
      collections.putItems(shown, { assetIds: [], before: null }, asOther),
      collections.removeItems(shown, [], asOther),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('Assets are put in, moved and taken out, and may be in several', async () => {
    const [one, two] = [await make('one'), await make('two')];
    const [a, b, c] = [await asset('a'), await asset('b'), await asset('c')];
    const put = (assetIds: string[], before: string | null = null) =>
      collections.putItems(one, { assetIds, before }, asMe);
    await put([a, b, c]);
    expect(await items(one)).toBe('abc');
    await put([c, a, c], b);
    expect(await items(one)).toBe('cab');
    await put([c]);
    expect(await items(one)).toBe('abc');
    for (let round = 0; round < 40; round += 1) await put([round % 2 === 0 ? a : b], c);
    expect(await items(one)).toBe('abc');
    await collections.putItems(two, { assetIds: [b], before: null }, asMe);
    await collections.removeItems(one, [b, NOBODYS], asMe);
    expect([await items(one), await items(two)]).toEqual(['ac', 'b']);
    await expect(put([NOBODYS])).rejects.toMatchObject({ code: 'notFound' });
    await expect(put([a], b)).rejects.toMatchObject({ code: 'notFound' });
    await expect(put([a], a)).rejects.toMatchObject({ code: 'notFound' });
    expect(await items(one)).toBe('ac');
  });

  test('what one may not see, one cannot put in; what is in it is hidden all the same', async () => {
    const shown = await make('shown');
    const secret = await asset('secret', 'private');
    const theirs = await collections.create(
      { title: 'theirs' },
      { id: 'other', name: 'x' },
      asOther,
    );
    const putting = collections.putItems(theirs.id, { assetIds: [secret], before: null }, asOther);
    await expect(putting).rejects.toMatchObject({ code: 'notFound' });
    await collections.putItems(shown, { assetIds: [secret], before: null }, asMe);
    expect((await assets.list({ collection: shown }, asOther)).assets).toEqual([]);
    expect((await assets.list({ collection: shown }, asMe)).assets).toHaveLength(1);
  });
});
