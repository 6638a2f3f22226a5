import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { makeClip } from '../../test/support/clip.ts';
import { kill, startNode } from '../../test/support/database-node.ts';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { until } from '../../test/support/live-server.ts';
import { openDatabase } from '../store/database.ts';
import { Catalogue } from './catalogue.ts';
import { placeOf } from './place.ts';
import { SERVER } from './reader.ts';
import { Uploads } from './uploads/uploads.ts';

const log = pino({ level: 'silent' });
const limits = {
  ...{ maxBytes: 1e9, maxUnfinished: 10, quotaBytes: undefined, maxAssets: undefined },
};
const OWNER = { id: 'somebody', name: 'Somebody' };

describe.each(DATABASE_KINDS)('a server that is killed while it ingests, on %s', (kind) => {
  let databases: TestDatabases;
  let folder: string;

  beforeAll(async () => {
    databases = await testDatabases(kind);
    folder = mkdtempSync(join(tmpdir(), 'sfumato-ingest-'));
  });
  afterAll(async () => {
    await databases.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('kill -9 at every stage: it ends ready, and what was finished is not done again', async () => {
    const at = { folder, ...(await databases.create()) };
    const db = await openDatabase({ ...at, log });
    const catalogue = new Catalogue({ db, log });
    const clip = await makeClip(folder);
    const uploads = new Uploads({
      ...{ catalogue, db, limits, log, folder: join(folder, 'uploads') },
      place: await placeOf(join(folder, 'uploads')),
    });
    const bytes = readFileSync(clip).length;
    const announced = { filename: 'clip.mp4', bytes, metadata: {} };
    const { id, assetId } = await uploads.create(announced, OWNER, SERVER);
    copyFileSync(clip, uploads.files.pathOf(id));
    await uploads.finish(id);
    await uploads.close();

    const did = join(folder, 'did');
    writeFileSync(did, '');
    const lines = () => readFileSync(did, 'utf8').split('\n').slice(0, -1);
    const isDone = async () => (await catalogue.jobs.ofAssets([assetId])).length === 0;
    let kills = 0;
    for (;;) {
      let done = false;
      const node = startNode(NODE, { ...at, did });
      const before = new Set(lines());
      await until(async () => {
        done = await isDone();
        return done || lines().some((line) => !before.has(line)) || node.exitCode !== null;
      });
      await kill(node);
      kills += 1;
      if (done) break;
    }
    process.stdout.write(`${kind}: killed ${kills} times\n`);

    const asset = await catalogue.assets.get(assetId, SERVER);
    const checksum = createHash('sha256').update(readFileSync(clip)).digest('hex');
    expect(asset).toMatchObject({ state: 'ready', watchable: true, bytes, checksum });
    const said = lines();
    const kept = said.filter((line) => line.endsWith(' kept'));
    expect(new Set(kept).size).toBe(kept.length);
    expect(kept.length).toBeGreaterThanOrEqual(5);
    expect(kills).toBeGreaterThan(15);
    for (const line of kept) {
      const again = said.lastIndexOf(line.replace(/kept$/, 'begins'));
      expect([line, again < said.indexOf(line)]).toEqual([line, true]);
    }
    const names = await readdir(join(folder, 'media', assetId));
    for (const { name } of asset.files) expect(names).toContain(name);
    expect((await readdir(join(folder, 'uploads'))).filter((name) => name !== '.place')).toEqual(
      [],
    );
    await db.destroy();
    // One database after the other has its turn in the same folder.
    await rm(join(folder, 'media'), { recursive: true });
  });
});

const NODE = `
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { openDatabase } from './server/store/database.ts';
import { createFfmpeg } from './server/ffmpeg/ffmpeg.ts';
import { createDiskMediaFiles } from './server/store/media-files/disk-media-files.ts';
import { Catalogue } from './server/library/catalogue.ts';
import { assetWork } from './server/library/asset-work.ts';
import { ingestWork } from './server/library/ingest-work.ts';
import { placeOf } from './server/library/place.ts';
import { JobRunner } from './server/library/jobs/job-runner.ts';
import { createPreparation } from './server/library/preparation/preparation.ts';
const log = pino({ level: 'silent' });
const at = JSON.parse(process.env.DATABASE_AT);
const db = await openDatabase({ dataDir: at.dataDir, url: at.url, log });
const files = await createDiskMediaFiles(join(at.folder, 'media'));
const ffmpeg = createFfmpeg({
  ffmpegPath: process.env.FFMPEG_PATH ?? 'ffmpeg', ffprobePath: process.env.FFPROBE_PATH ?? 'ffprobe', log });
const preparation = await createPreparation({ ffmpeg, files, scratchDir: join(at.folder, 'scratch'), log });
const catalogue = new Catalogue({ db, log });
const uploadsFolder = join(at.folder, 'uploads');
const place = await placeOf(uploadsFolder);
// At every new word the process stands still, to be killed there.
const say = (line) => {
  const isNew = !readFileSync(at.did, 'utf8').split('\\n').includes(line);
  appendFileSync(at.did, line + '\\n');
  if (isNew) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
const told = (job) => new Proxy(job, {
  get(target, key) {
    if (key === 'step') return async (name, schema, work) => {
      let done = false;
      const result = await target.step(name, schema, async (signal) => {
        say(name + ' begins');
        const made = await work(signal);
        say(name + ' made');
        done = true;
        return made;
      });
      if (done) say(name + ' kept');
      return result;
    };
    const value = Reflect.get(target, key, target);
    return typeof value === 'function' ? value.bind(target) : value;
  },
});
const watched = (handlers) => Object.fromEntries(Object.entries(handlers).map(([kind, handler]) => [kind, {
  ...handler,
  run: async (job) => {
    await handler.run(told(job));
    say(kind.split('@')[0] + ' returns');
  },
}]));
const handlers = watched({
  ...assetWork({ catalogue, files, preparation }),
  ...ingestWork({ catalogue, db, files, place, uploadsFolder, watchedFolder: undefined, log }),
});
new JobRunner({ queue: catalogue.jobs, handlers, leaseMs: 1500, pollMs: 20, backoff: () => 0, log });
process.stdin.on('end', () => process.exit()).resume();
`;
