import { execFile } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { Assets, type NewAsset } from '../../server/library/assets.ts';
import { ORIGINAL } from '../../server/library/asset-work.ts';
import { JobQueue } from '../../server/library/jobs/job-queue.ts';
import type { Owner } from '../../server/library/reader.ts';
import { openDatabase } from '../../server/store/database.ts';
import { mediaKey } from '../../server/store/media-files/media-key.ts';

const run = promisify(execFile);
const log = pino({ level: 'silent' });

export type StoredAssets = Awaited<ReturnType<typeof openStoredAssets>>;

/** Puts Assets beside a running server, which prepares them: into its database and its folder. */
export async function openStoredAssets(at: { dataDir: string; url: string | undefined }) {
  const db = await openDatabase({ ...at, log });
  const jobs = new JobQueue(db, log);
  const assets = new Assets({ db, jobs, log });
  const owner: Owner = { id: 'somebody', name: 'Somebody' };

  return {
    /** One without files. @returns its id */
    async create(asset: NewAsset): Promise<string> {
      return (await assets.create(asset, owner)).id;
    },
    /** One of this file. @returns its id; it is prepared when the server comes to it */
    async store(file: string, asset: NewAsset): Promise<string> {
      const state = 'preparing';
      const { id } = await assets.create({ visibility: 'public', ...asset, state }, owner);
      // Not by media files of our own: of one process there may be one, which tidies up as it starts.
      const original = join(at.dataDir, 'media', mediaKey(id, ORIGINAL));
      await mkdir(dirname(original), { recursive: true });
      await copyFile(file, original);
      await jobs.add({ kind: 'prepare', assetId: id });
      return id;
    },
    async close(): Promise<void> {
      await db.destroy();
    },
  };
}

/** A clip of one colour and a tone. @returns its path */
export async function makeColour(folder: string, colour: string, seconds: number): Promise<string> {
  const path = join(folder, `${colour}.mp4`);
  await run(process.env.FFMPEG_PATH ?? 'ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...['-f', 'lavfi', '-i', `color=c=${colour}:size=320x180:rate=30:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path],
  ]);
  return path;
}

/** A tone without a picture. @returns its path */
export async function makeTone(folder: string, seconds: number): Promise<string> {
  const path = join(folder, 'tone.wav');
  const input = ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`];
  await run(process.env.FFMPEG_PATH ?? 'ffmpeg', ['-loglevel', 'error', '-y', ...input, path]);
  return path;
}
