import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import {
  DATABASE_KINDS,
  type TestDatabases,
  testDatabases,
} from '../../../test/support/databases.ts';
import { until } from '../../../test/support/live-server.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { Catalogue } from '../catalogue.ts';
import { placeOf } from '../place.ts';
import { SERVER } from '../reader.ts';
import { KEPT_FREE_BYTES, demandAcceptable, demandRoom } from './upload-limits.ts';
import { type UploadRecord, UploadRecords } from './upload-records.ts';
import { UploadTidying } from './upload-tidying.ts';
import { Uploads, type UploadsOptions } from './uploads.ts';

const log = pino({ level: 'silent' });
const limits = {
  ...{ maxBytes: 1000, maxUnfinished: 10, quotaBytes: undefined, maxAssets: undefined },
};
const OWNER = { id: 'somebody', name: 'Somebody' };
const FILM = { filename: 'a.mp4', bytes: 10, metadata: {} };

describe.each(DATABASE_KINDS)('uploads on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let catalogue: Catalogue;
  let folder: string;
  const opened: Uploads[] = [];

  beforeAll(async () => {
    databases = await testDatabases(kind);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-uploads-'));
    db = await openDatabase({ ...(await databases.create()), log });
    catalogue = new Catalogue({ db, log });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await catalogue.close();
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => databases.close());

  async function open(options: Partial<UploadsOptions> = {}): Promise<Uploads> {
    const place = await placeOf(folder);
    const uploads = new Uploads({ catalogue, db, folder, place, limits, log, ...options });
    opened.push(uploads);
    return uploads;
  }
  /** With so many bytes of it. */
  async function begin(uploads: Uploads, bytes: number) {
    const upload = await uploads.create(FILM, OWNER, SERVER);
    await writeFile(uploads.files.pathOf(upload.id), Buffer.alloc(bytes));
    return upload;
  }
  async function age(...ids: string[]): Promise<void> {
    const activeAt = new Date(Date.now() - 3_600_001).toISOString();
    await db.updateTable('uploads').set({ activeAt }).where('id', 'in', ids).execute();
  }
  const names = async () => (await readdir(folder)).filter((name) => !name.startsWith('.'));

  test('what got no byte for too long is given up, with its Asset', async () => {
    const uploads = await open({ expiresMs: 3_600_000 });
    const old = await begin(uploads, 4);
    const young = await begin(uploads, 4);
    const activeAt = new Date(Date.now() - 3_600_001).toISOString();
    await db.updateTable('uploads').set({ activeAt }).where('id', '=', old.id).execute();
    await uploads.tidy();
    expect(await names()).toEqual([young.id]);
    await expect(catalogue.assets.get(old.assetId, SERVER)).rejects.toThrow('no such Asset');
    await expect(uploads.demand(old.id, SERVER)).rejects.toThrow('no such upload');
    expect(await catalogue.assets.get(young.assetId, SERVER)).toMatchObject({ state: 'uploading' });
  });

  test('a byte keeps it for as long again', async () => {
    const uploads = await open({ expiresMs: 3_600_000 });
    const { id } = await begin(uploads, 4);
    const activeAt = new Date(Date.now() - 3_600_001).toISOString();
    await db.updateTable('uploads').set({ activeAt }).where('id', '=', id).execute();
    await uploads.files.write(Readable.from([Buffer.alloc(2)]), id, 4);
    await uploads.tidy();
    expect(await uploads.files.getUpload(id)).toMatchObject({ offset: 6, size: 10 });
  });

  test('a server that died with the last byte goes on with the job at its next start', async () => {
    const before = await open();
    const { id, assetId } = await begin(before, 10);
    const half = await begin(before, 9);
    await before.close();
    const uploads = await open();
    await uploads.tidy();
    expect(await catalogue.assets.get(assetId, SERVER)).toMatchObject({ state: 'preparing' });
    expect(await catalogue.assets.get(half.assetId, SERVER)).toMatchObject({ state: 'uploading' });
    await uploads.finish(id);
    const jobs = await catalogue.jobs.ofAssets([assetId, half.assetId]);
    expect(jobs.map(({ kind: what }) => what)).toEqual([`ingest@${await placeOf(folder)}`]);
  });

  test('what came whole stays until its job has taken it, however long that rests', async () => {
    const uploads = await open({ expiresMs: 3_600_000 });
    const { id } = await begin(uploads, 10);
    await uploads.finish(id);
    await age(id);
    await uploads.tidy();
    expect(await names()).toEqual([id]);
    expect(await uploads.demand(id, SERVER)).toMatchObject({ received: true });
    // As the job does.
    await rm(uploads.files.pathOf(id));
    await uploads.tidy();
    await expect(uploads.demand(id, SERVER)).rejects.toThrow('no such upload');
  });

  test('what went on since it was listed stays; what cannot be ended keeps no other from it', async () => {
    const expiresMs = 3_600_000;
    const uploads = await open({ expiresMs });
    const resumed = await begin(uploads, 4);
    const broken = await uploads.create(FILM, OWNER, SERVER);
    await mkdir(uploads.files.pathOf(broken.id));
    const last = await begin(uploads, 4);
    await age(resumed.id, broken.id, last.id);
    // Nobody else looks through them.
    await uploads.close();
    const goOn = () =>
      uploads.files.write(Readable.from([Buffer.alloc(2)]), resumed.id, 4).then(() => undefined);
    const records = new LateRecords(db, await placeOf(folder), goOn);
    const tidying = new UploadTidying({
      ...{ catalogue, records, files: uploads.files, expiresMs, log },
      finish: (id) => uploads.finish(id),
    });
    await tidying.tidy();
    expect(await uploads.files.getUpload(resumed.id)).toMatchObject({ offset: 6 });
    await expect(catalogue.assets.get(last.assetId, SERVER)).rejects.toThrow('no such Asset');
  });

  test('one whose file never came to be is given up soon; bytes of nothing are removed', async () => {
    const uploads = await open();
    const { id, assetId } = await uploads.create(FILM, OWNER, SERVER);
    await writeFile(join(folder, 'f'.repeat(32)), 'nobody’s');
    await uploads.tidy();
    expect(await catalogue.assets.get(assetId, SERVER)).toMatchObject({ state: 'uploading' });
    const activeAt = new Date(Date.now() - 301_000).toISOString();
    await db.updateTable('uploads').set({ activeAt }).where('id', '=', id).execute();
    await uploads.tidy();
    await expect(catalogue.assets.get(assetId, SERVER)).rejects.toThrow('no such Asset');
    expect(await names()).toEqual([]);
  });

  test('another server’s uploads are left alone', async () => {
    const uploads = await open();
    const { id } = await begin(uploads, 4);
    const other = await mkdtemp(join(tmpdir(), 'sfumato-uploads-'));
    const elsewhere = await open({ folder: other, place: await placeOf(other), expiresMs: -1 });
    await elsewhere.tidy();
    expect(await uploads.demand(id, SERVER)).toMatchObject({ received: false });
    expect(await names()).toEqual([id]);
    await rm(other, { recursive: true });
  });

  test('deleting the Asset ends what is being written', async () => {
    const uploads = await open();
    const { id, assetId } = await begin(uploads, 0);
    const coming = new Readable({ read: () => undefined });
    const writing = uploads.files.write(coming, id, 0);
    writing.catch(() => undefined);
    await until(() => uploads.files.active === 1);
    coming.push(Buffer.alloc(4));
    await catalogue.assets.delete(assetId, SERVER);
    await expect(writing).rejects.toThrow('was deleted');
    await until(async () => (await names()).length === 0);
    expect(uploads.files.active).toBe(0);
  });

  test('the quota counts originals and what was announced, each once', async () => {
    const uploads = await open({ limits: { ...limits, quotaBytes: 25, maxAssets: 3 } });
    const { assetId } = await begin(uploads, 10);
    await begin(uploads, 0);
    expect((await uploads.usage()).usedBytes).toBe(20);
    await expect(begin(uploads, 0)).rejects.toMatchObject({ code: 'noRoom' });
    await uploads.tidy();
    await catalogue.assets.record(assetId, { bytes: 10 });
    expect((await uploads.usage()).usedBytes).toBe(20);
    await uploads.create({ ...FILM, bytes: 5 }, OWNER, SERVER);
    await expect(uploads.create({ ...FILM, bytes: 0 }, OWNER, SERVER)).rejects.toMatchObject({
      code: 'unsupportedMedia',
    });
    await catalogue.assets.delete(assetId, SERVER);
    expect((await uploads.usage()).usedBytes).toBe(15);
  });
});

/** Something happens right after they were listed. */
class LateRecords extends UploadRecords {
  readonly #then: () => Promise<void>;

  constructor(db: Database, place: string, then: () => Promise<void>) {
    super(db, place);
    this.#then = then;
  }

  override async list(): Promise<UploadRecord[]> {
    const all = await super.list();
    await this.#then();
    return all;
  }
}

describe('what may be sent', () => {
  const usage = { bytes: 0, assets: 0, unfinished: 0 };
  const GB = 1024 ** 3;

  test.each([
    ['what the disk has no room for', 10, usage, KEPT_FREE_BYTES + 9, 'noRoom'],
    ['one too many of one person', 10, { ...usage, unfinished: 10 }, GB, 'tooMany'],
  ])('%s is refused', (_what, bytes, used, free, code) => {
    expect(() => demandRoom(bytes, used, free, limits)).toThrow(expect.objectContaining({ code }));
  });

  test('the reason says the figures', () => {
    const quota = { ...limits, quotaBytes: 5_000_000_000 };
    const used = { ...usage, bytes: 4_000_000_000 };
    expect(() => demandRoom(2_500_000_000, used, 9 * GB, quota)).toThrow(
      'There is room for 1.0 GB in the library, not for 2.5 GB.',
    );
    expect(() => demandAcceptable({ filename: 'a.zip', bytes: 1 }, limits)).toThrow(
      'No player could show it: it is an archive.',
    );
  });

  test('what may be media by its name goes on', () => {
    for (const filename of ['a.mp4', 'A.MOV', 'scan.tiff', 'no ending', 'odd.xyz', '.mkv']) {
      demandAcceptable({ filename, bytes: 10 }, limits);
    }
  });
});
