import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { createFfmpeg } from '../../server/ffmpeg/ffmpeg.ts';
import { createLibrary, type Prepared } from '../../server/library/library.ts';

const run = promisify(execFile);

/** Kept between runs, since preparing takes longer than measuring. */
export const DATA_DIR = resolve(import.meta.dirname, '../../data/bench');

export type ClipOptions = {
  /** Seconds. */
  length: number;
  /** Pixels; 1280x720 by default. */
  size?: { width: number; height: number };
};

/**
 * A clip of 30 frames a second so restless that its Renditions use all the bits that their ladder allows: nearly
 * 2 Mbit/s in the top rung of 720p. @returns its path
 */
export async function makeClip(name: string, { length, size }: ClipOptions): Promise<string> {
  const path = join(DATA_DIR, name);
  await mkdir(DATA_DIR, { recursive: true });
  if (await exists(path)) return path;
  await run(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...[
      '-f',
      'lavfi',
      '-i',
      `testsrc2=size=${size?.width ?? 1280}x${size?.height ?? 720}:rate=30:duration=${length}`,
    ],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${length}`],
    ...['-vf', 'noise=alls=24:allf=t'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-c:a', 'aac', path],
  ]);
  return path;
}

/** The Renditions that the server under test would send. */
export async function prepare(file: string): Promise<Prepared> {
  const log = pino({ level: 'silent' });
  const { FFMPEG_PATH: ffmpegPath = 'ffmpeg', FFPROBE_PATH: ffprobePath = 'ffprobe' } = process.env;
  const ffmpeg = createFfmpeg({ ffmpegPath, ffprobePath, log });
  const library = await createLibrary({ dataDir: DATA_DIR, ffmpeg, log });
  return await library.prepare(file);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
