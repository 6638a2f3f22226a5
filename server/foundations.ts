import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Config, s3Settings } from './config.ts';
import { createFfmpeg, type Ffmpeg } from './ffmpeg/ffmpeg.ts';
import { intakePlace } from './library/intake.ts';
import { createLibrary, type Library } from './library/library.ts';
import { createPreparation, type Preparation } from './library/preparation/preparation.ts';
import { Sfu } from './sfu/sfu.ts';
import { type Database, openDatabase } from './store/database.ts';
import { createMediaFiles } from './store/media-files/create-media-files.ts';
import type { MediaFiles } from './store/media-files/media-files.ts';

/** What is there before the app: what takes time to begin, or may fail. */
export interface Foundations {
  db: Database;
  sfu: Sfu;
  library: Library;
  ffmpeg: Ffmpeg;
  files: MediaFiles;
  preparation: Preparation;
  /** The name of this server’s disk, for what comes in. */
  place: string;
}

/** @throws SfumatoError `unavailable` where a port is taken, a worker does not start or there is no database */
export async function layFoundations(config: Config, log: Logger): Promise<Foundations> {
  const { DATA_DIR: dataDir, DATABASE_URL: url } = config;
  const db = await openDatabase({ dataDir, url, log });
  try {
    const ffmpeg = ffmpegOf(config, log);
    const library = await createLibrary({ dataDir, ffmpeg, log });
    const files = await createMediaFiles({ dataDir, s3: s3Settings(config) });
    const scratchDir = join(dataDir, 'scratch', 'preparing');
    const preparation = await createPreparation({ ffmpeg, files, scratchDir, log });
    const place = await intakePlace(dataDir);
    const sfu = await startSfu(config, log);
    return { db, sfu, library, ffmpeg, files, preparation, place };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function ffmpegOf(config: Config, log: Logger): Ffmpeg {
  const { FFMPEG_PATH: ffmpegPath, FFPROBE_PATH: ffprobePath } = config;
  return createFfmpeg({ ffmpegPath, ffprobePath, log });
}

function startSfu(config: Config, log: Logger): Promise<Sfu> {
  return Sfu.create({
    workers: config.WORKERS,
    host: config.HOST,
    announcedAddress: config.ANNOUNCED_ADDRESS,
    rtcPort: config.RTC_PORT,
    workerBin: config.MEDIASOUP_WORKER_BIN,
    log,
  });
}
