import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import type { Asset } from '../../signaling/contract/index.ts';
import { ORIGINAL } from '../../server/library/asset-work.ts';
import { Assets, type NewAsset } from '../../server/library/assets.ts';
import { JobQueue } from '../../server/library/jobs/job-queue.ts';
import { type Owner, SERVER } from '../../server/library/reader.ts';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { until } from './live-server.ts';

const run = promisify(execFile);

/** As whom a test with ADMIN_TOKEN owns what it puts in. */
export const ADMIN: Owner = { id: 'ADMIN_TOKEN', name: 'ADMIN_TOKEN' };

const SOMEBODY: Owner = { id: 'somebody', name: 'Somebody' };

/** The library of a server that runs, from behind: puts Assets in without the upload door. */
export interface LibraryBehind {
  db: Database;
  assets: Assets;
  /** Where a media file lies. */
  path(id: string, name: string): string;
  /** An Asset without files. @returns its id */
  add(asset: NewAsset): Promise<string>;
  /** An Asset with its original; the server prepares it. */
  put(source: string | Buffer, asset: NewAsset, owner?: Owner): Promise<string>;
  /** Waits until it is. @param timeoutMs for what is long, milliseconds */
  ready(id: string, timeoutMs?: number): Promise<Asset>;
  close(): Promise<void>;
}

/** On the database and the folder of a server: another process could do the same. */
export async function openLibrary(server: {
  folder: string;
  databaseUrl: string | undefined;
}): Promise<LibraryBehind> {
  const { folder: dataDir, databaseUrl: url } = server;
  const log = pino({ level: 'silent' });
  const db = await openDatabase({ dataDir, url, log });
  const jobs = new JobQueue(db, log);
  const assets = new Assets({ db, jobs, log });
  const path = (id: string, name: string) => join(dataDir, 'media', id, name);
  return {
    ...{ db, assets, path },
    async add(asset) {
      return (await assets.create(asset, SOMEBODY)).id;
    },
    async put(source, asset, owner = ADMIN) {
      const { id } = await assets.create(asset, owner);
      const bytes = typeof source === 'string' ? await readFile(source) : source;
      await mkdir(path(id, ''), { recursive: true });
      // Not by MediaFiles: another one in this process would clear away what the server's is writing.
      await writeFile(path(id, '.incoming'), bytes);
      await rename(path(id, '.incoming'), path(id, ORIGINAL));
      await assets.record(id, { state: 'preparing', bytes: bytes.length });
      await jobs.add({ kind: 'prepare', assetId: id });
      return id;
    },
    async ready(id, timeoutMs) {
      await until(async () => {
        const { state, reason } = await assets.get(id, SERVER);
        if (state === 'refused') throw new Error(`${id} was refused: ${reason}`);
        return state === 'ready';
      }, timeoutMs);
      return assets.get(id, SERVER);
    },
    close: () => db.destroy(),
  };
}

/** A film of 640x360 at 25 pictures a second, with a tone and English captions. @returns its path */
export async function makeCaptionedFilm(
  folder: string,
  { seconds, words }: { seconds: number; words: string },
): Promise<string> {
  const path = join(folder, 'film.mkv');
  const captions = join(folder, 'film.srt');
  await writeFile(captions, `1\n00:00:01,000 --> 00:00:02,000\n${words}\n`);
  await run(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440', '-i', captions, '-t', String(seconds)],
    ...['-map', '0', '-map', '1', '-map', '2', '-metadata:s:s:0', 'language=eng'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-c:s', 'srt', path],
  ]);
  return path;
}
