import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { type Database, openDatabase } from '../store/database.ts';
import type { AssetQuery } from './asset-list.ts';
import { Assets, type NewAsset } from './assets.ts';
import { editBatch, editTags } from './batch.ts';
import { Collections } from './collections.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { type Reader, SERVER, STRANGER } from './reader.ts';
import { wordsOf } from './words.ts';

const log = pino({ level: 'silent' });
const ME = { id: 'me', name: 'Me' };
const OTHER = { id: 'other', name: 'Other' };
const asMe: Reader = { id: 'me', role: 'reader' };
const CHECKSUM = 'ab'.repeat(32);
const RENDITION = { role: 'rendition', name: '720p.mp4', type: 'video/mp4', bytes: 10 } as const;

describe.each(DATABASE_KINDS)('Assets on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let jobs: JobQueue;
  let assets: Assets;
  let collections: Collections;
  const deleted: string[] = [];

  beforeAll(async () => {
    databases = await testDatabases(kind);
    db = await openDatabase({ ...(await databases.create()), log });
    jobs = new JobQueue(db, log);
    assets = new Assets({ db, jobs, log, onDelete: async (ids) => void deleted.push(...ids) });
    collections = new Collections(db);
  });
  beforeEach(async () => {
    await db.deleteFrom('assets').execute();
    await db.deleteFrom('collections').execute();
  });
  afterAll(async () => {
    await db.destroy();
    await databases.close();
  });

  const make = (asset: NewAsset, owner = ME) =>
    assets.create({ visibility: 'public', files: [RENDITION], ...asset }, owner);
  const titles = async (query: AssetQuery, reader = SERVER) =>
    (await assets.list(query, reader)).assets.map(({ title }) => title);
  const found = async (text: string) => (await titles({ text, sort: 'title' })).join(' ');

  test('one is kept as it was given, and begins private and uploading', async () => {
    const { id, ...made } = await assets.create({ title: 'Film ☂', tags: ['b', 'A', 'á'] }, ME);
    expect(made).toStrictEqual({
      title: 'Film ☂',
      description: '',
      kind: null,
      state: 'uploading',
      visibility: 'private',
      tags: ['A', 'b'],
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: made.createdAt,
      watchable: false,
      files: [],
      owner: ME,
    });
    expect(await assets.get(id, SERVER)).toStrictEqual({ id, ...made });
  });

  test('what the server finds out is written down, large numbers and fractions too', async () => {
    const { id } = await make({ title: 'x', files: [] });
    const facts = { kind: 'video', duration: 12.345, width: 1920, height: 1080 } as const;
    const bytes = 5_000_000_000_001;
    await assets.record(id, { ...facts, bytes, checksum: CHECKSUM, originalName: 'é .mov' });
    const files = [RENDITION];
    expect(await assets.record(id, { state: 'preparing', files })).toMatchObject({
      ...{ ...facts, bytes, checksum: CHECKSUM, originalName: 'é .mov' },
      ...{ state: 'preparing', watchable: true, files },
    });
  });

  test('states follow each other as they must; a reason goes with its state', async () => {
    const { id } = await make({ title: 'x' });
    await expect(assets.record(id, { state: 'ready' })).rejects.toMatchObject({ code: 'conflict' });
    const refused = await assets.record(id, { state: 'refused', reason: 'It is a letter.' });
    expect(refused.reason).toBe('It is a letter.');
    expect(await assets.record(id, { state: 'preparing' })).not.toHaveProperty('reason');
    expect(await assets.record(id, { state: 'ready' })).toMatchObject({ state: 'ready' });
    await expect(assets.record('A'.repeat(16), {})).rejects.toMatchObject({ code: 'notFound' });
  });

  test('private means private, and only the owner and administrators change', async () => {
    const { id } = await make({ title: 'mine', visibility: 'private', checksum: CHECKSUM });
    const stranger: Reader = { id: 'other', role: 'reader' };
    for (const reader of [STRANGER, stranger]) {
      for (const attempt of [
        assets.get(id, reader),
        assets.update(id, { title: 'x' }, reader),
        assets.delete(id, reader),
      ]) {
        await expect(attempt).rejects.toMatchObject({ code: 'notFound' });
      }
      expect(await titles({}, reader)).toEqual([]);
      expect(await titles({ text: 'mine' }, reader)).toEqual([]);
      expect(await assets.duplicatesOf(CHECKSUM, reader)).toEqual([]);
    }
    await assets.update(id, { visibility: 'public' }, asMe);
    expect(await assets.get(id, STRANGER)).not.toHaveProperty('checksum');
    expect(await assets.get(id, STRANGER)).not.toHaveProperty('owner');
    expect(await assets.get(id, stranger)).toHaveProperty('checksum');
    const changing = assets.update(id, { title: 'x' }, stranger);
    await expect(changing).rejects.toMatchObject({ code: 'forbidden' });
    await expect(assets.delete(id, stranger)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(assets.demandChange(id, stranger)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('search: every word begins a word of title, description, tags or captions', async () => {
    const one = await make({ title: 'Crème brûlée', tags: ['Dessert'], description: 'Très bon' });
    await make({ title: 'Straßenbahn 2024', tags: ['Zürich'] });
    await make({ title: 'ΟΔΟΣ 東京 tower', description: "It's 1e5-times v1.5 foo@bar.org/x" });
    await assets.setCaptions(one.id, 'The sugar melts slowly');
    expect(await found('creme')).toBe('Crème brûlée');
    expect(await found('BRU cr')).toBe('Crème brûlée');
    expect(await found('rûlée')).toBe('');
    expect(await found('dess tres')).toBe('Crème brûlée');
    expect(await found('creme zurich')).toBe('');
    expect(await found('sugar MELT')).toBe('Crème brûlée');
    expect(await found('strassen zuri 2024')).toBe('Straßenbahn 2024');
    for (const text of ['οδός', '京', '1e5', 'v1 5', 'bar.org', "it's", 'times', 'foo@bar.org/x']) {
      expect(await found(text)).toBe('ΟΔΟΣ 東京 tower');
    }
    expect(await found('  ')).toBe('Crème brûlée Straßenbahn 2024 ΟΔΟΣ 東京 tower');
    expect(await found('?!')).toBe('');
    for (const text of [
      '"',
      "'",
      'a" OR "b',
      "a' | 'b",
      '*',
      '\\',
      '\u0000',
      ':*',
      '(',
      'NEAR/2',
    ]) {
      await expect(found(text)).resolves.toEqual(expect.any(String));
    }
  });

  test('of the longest captions the first words are found, and they can be kept', async () => {
    const { id } = await make({ title: 'talk' });
    const word = (index: number) => `${'w'.repeat(58)}${String(index).padStart(6, '0')}`;
    await assets.setCaptions(id, Array.from({ length: 20_000 }, (_, at) => word(at)).join(' '));
    expect([await found(word(0)), await found(word(15_000)), await found(word(19_999))]).toEqual([
      ...['talk', 'talk', ''],
    ]);
  });

  test('only what is named is written: tags may be changed by somebody else meanwhile', async () => {
    const { id } = await make({ title: 'x', tags: ['old'] });
    const told: object[] = [];
    class Watched extends Assets {
      override update(...args: Parameters<Assets['update']>) {
        told.push(args[1]);
        return super.update(...args);
      }
    }
    const watched = new Watched({ db, jobs, log });
    await editBatch({ assets: watched, collections }, [id], { visibility: 'unlisted' }, SERVER);
    await editBatch({ assets: watched, collections }, [id], { addTags: ['new'] }, SERVER);
    expect(told).toEqual([{ visibility: 'unlisted' }, { tags: ['old', 'new'] }]);
  });

  test('the index follows what is changed', async () => {
    const { id } = await make({ title: 'before', tags: ['old'], description: 'words' });
    await assets.setCaptions(id, 'spoken');
    await assets.update(id, { title: 'after', tags: ['new'] }, SERVER);
    expect(await found('before')).toBe('');
    expect(await found('old')).toBe('');
    expect(await found('after new words spoken')).toBe('after');
    await assets.setCaptions(id, 'silence');
    expect(await found('spoken')).toBe('');
    await assets.delete(id, SERVER);
    await make({ title: 'another' });
    expect(await found('after')).toBe('');
    expect(await found('silence')).toBe('');
  });

  const words = fc.constantFrom('éa', 'EAB', 'abc', 'b-c', '東京', 'ß1', '12', "o'x", '☂');
  const texts = fc.array(words, { maxLength: 4 }).map((list) => list.join(' '));
  test('any search finds what its definition says', async () => {
    const made = fc.sample(texts, { numRuns: 60, seed: 5 });
    for (const [index, text] of made.entries()) await make({ title: `${index}. ${text}` });
    const matches = (text: string, question: string) =>
      wordsOf(question).every((start) => wordsOf(text).some((word) => word.startsWith(start)));
    for (const question of fc.sample(texts, { numRuns: 60, seed: 6 })) {
      const expected =
        question.trim() !== '' && wordsOf(question).length === 0
          ? []
          : made.flatMap((text, index) =>
              matches(`${index}. ${text}`, question) ? [`${index}. ${text}`] : [],
            );
      const query = { text: question, sort: 'oldest', limit: 100 } as const;
      expect([question, await titles(query)]).toEqual([question, expected]);
    }
  });

  test('filters', async () => {
    const one = await make({ title: 'one', kind: 'video', tags: ['Été', 'x'], checksum: CHECKSUM });
    await make({ title: 'two', kind: 'audio', tags: ['ete'], visibility: 'unlisted' }, OTHER);
    await assets.record(one.id, { state: 'preparing' });
    expect(await titles({ kind: 'video' })).toEqual(['one']);
    expect(await titles({ state: 'preparing' })).toEqual(['one']);
    expect(await titles({ visibility: 'unlisted' })).toEqual(['two']);
    expect(await titles({ tags: ['ETE'] })).toEqual(['two', 'one']);
    expect(await titles({ tags: ['ete', 'X'] })).toEqual(['one']);
    expect(await titles({ owner: 'other' })).toEqual(['two']);
    expect(await titles({ kind: 'video', tags: ['nothing'] })).toEqual([]);
    expect(await assets.duplicatesOf(CHECKSUM, SERVER)).toMatchObject([{ id: one.id }]);
  });

  test('orders', async () => {
    await make({ title: 'part 10', duration: 5 });
    await make({ title: 'Élan', duration: 70.5 });
    await make({ title: 'Part 2' });
    await make({ title: 'zoo', duration: 5 });
    expect(await titles({})).toEqual(['zoo', 'Part 2', 'Élan', 'part 10']);
    expect(await titles({ sort: 'oldest' })).toEqual(['part 10', 'Élan', 'Part 2', 'zoo']);
    expect(await titles({ sort: 'title' })).toEqual(['Élan', 'Part 2', 'part 10', 'zoo']);
    expect(await titles({ sort: 'longest' })).toEqual(['Élan', 'zoo', 'part 10', 'Part 2']);
    expect(await titles({ sort: 'shortest' })).toEqual(['Part 2', 'part 10', 'zoo', 'Élan']);
    await expect(titles({ sort: 'collection' })).rejects.toMatchObject({ code: 'badRequest' });
  });

  test.each(['newest', 'oldest', 'title', 'longest', 'shortest', 'collection'] as const)(
    'paging by %s shows everything once, while some come and others go',
    async (sort) => {
      const collection = await collections.create({ title: 'c' }, ME, SERVER);
      const ids: string[] = [];
      const add = async (title: string) => {
        const { id } = await make({ title, duration: ids.length % 3, tags: ['t'] });
        ids.push(id);
        const place = { assetIds: [id], before: ids.length % 2 === 0 ? (ids[0] ?? null) : null };
        await collections.putItems(collection.id, place, SERVER);
      };
      for (let index = 0; index < 25; index += 1) await add(`same ${index % 4}`);
      const stay = new Set(ids);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = {
          sort,
          cursor,
          limit: 4,
          collection: collection.id,
          text: 'sam',
          tags: ['T'],
        };
        const page = await assets.list(query, SERVER);
        expect(page.assets.length).toBeLessThanOrEqual(4);
        seen.push(...page.assets.map(({ id }) => id));
        cursor = page.cursor;
        await add('same 0');
        // One that was shown, the last one of its page where it can be, and one that was not.
        const shown = seen.findLast((id) => stay.has(id) && id !== ids[0]);
        const hidden = ids.findLast((id) => stay.has(id) && id !== ids[0] && !seen.includes(id));
        for (const gone of stay.size > 12 ? [shown, hidden] : []) {
          if (gone !== undefined && stay.delete(gone)) await assets.delete(gone, SERVER);
        }
      } while (cursor !== undefined && seen.length < 100);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining([...stay]));
    },
  );

  test.each(['', '%', 'e30', Buffer.from('{"sort":"title","after":[1]}').toString('base64url')])(
    'the cursor %j is refused',
    async (cursor) => {
      await expect(assets.list({ cursor }, SERVER)).rejects.toMatchObject({ code: 'badRequest' });
    },
  );

  test('deleting takes along what hangs on it, and only that', async () => {
    const one = await make({ title: 'one', tags: ['t'] });
    const two = await make({ title: 'two', tags: ['t'] });
    const { id } = await collections.create({ title: 'c' }, ME, SERVER);
    await collections.putItems(id, { assetIds: [one.id, two.id], before: null }, SERVER);
    for (const assetId of [one.id, two.id]) await jobs.add({ kind: 'x', assetId });
    await assets.delete(one.id, SERVER);
    expect(await titles({ collection: id })).toEqual(['two']);
    expect(await titles({ tags: ['t'] })).toEqual(['two']);
    expect(await jobs.ofAssets([one.id, two.id])).toMatchObject([{ assetId: two.id }]);
    expect(deleted).toContain(one.id);
    await expect(assets.delete(one.id, SERVER)).rejects.toMatchObject({ code: 'notFound' });
  });

  test('what happens is told', async () => {
    const events: string[] = [];
    const undo = assets.on(({ type }) => events.push(type));
    const { id } = await make({ title: 'x' });
    await assets.update(id, { title: 'y' }, SERVER);
    await assets.record(id, { state: 'preparing' });
    await assets.delete(id, SERVER);
    undo();
    await make({ title: 'z' });
    expect(events).toEqual(['created', 'changed', 'changed', 'deleted']);
  });

  test('of what is being prepared the progress is shown', async () => {
    const { id } = await make({ title: 'x' });
    await assets.record(id, { state: 'preparing' });
    await jobs.add({ kind: 'x', assetId: id });
    const job = await jobs.take(['x'], 60_000);
    if (job !== undefined) await jobs.renew(job, 60_000, { progress: 0.25, step: 'looking' });
    const progress = { fraction: 0.25, step: 'looking' };
    expect(await assets.get(id, STRANGER)).toMatchObject({ progress });
    expect((await assets.list({}, STRANGER)).assets).toMatchObject([{ progress }]);
  });

  test('many at once: each for itself', async () => {
    const [one, two, other] = [
      await make({ title: 'one', tags: ['a', 'b'] }),
      await make({ title: 'two' }),
      await make({ title: 'other' }, OTHER),
    ];
    const { id: collection } = await collections.create({ title: 'c' }, ME, asMe);
    const ids = [two.id, one.id, other.id, 'A'.repeat(16)];
    const edit = { addTags: ['c', 'B'], removeTags: ['A'], addTo: collection };
    const outcome = await editBatch({ assets, collections }, ids, edit, asMe);
    expect(outcome.changed).toEqual([two.id, one.id]);
    expect(outcome.failed).toMatchObject([
      { id: other.id, code: 'forbidden' },
      { id: 'A'.repeat(16), code: 'notFound' },
    ]);
    expect(await titles({ collection })).toEqual(['two', 'one']);
    expect(await assets.get(one.id, asMe)).toMatchObject({ tags: ['B', 'c'] });
    const gone = await editBatch({ assets, collections }, ids, { delete: true }, asMe);
    expect(gone.changed).toEqual([two.id, one.id]);
    expect(await titles({})).toEqual(['other']);
  });
});

test.each([
  [['a', 'b'], ['c'], ['A'], ['b', 'c']],
  [['a'], ['Á'], [], ['Á']],
  [['a'], ['a'], ['a'], ['a']],
])('tags %j with %j and without %j: %j', (tags, add, remove, expected) => {
  expect(editTags(tags, add, remove)).toEqual(expected);
});
