import { resolve } from 'node:path';
import { pino } from 'pino';
import { createFfmpeg, type Ffmpeg, words } from './ffmpeg.ts';

/** The real programs, where the environment says or on the PATH. */
export function ffmpegForTests(): Ffmpeg {
  return createFfmpeg({
    ffmpegPath: process.env.FFMPEG_PATH ?? 'ffmpeg',
    ffprobePath: process.env.FFPROBE_PATH ?? 'ffprobe',
    log: pino({ level: 'silent' }),
  });
}

/** Makes a clean file with ffmpeg's own sources; `options` are output options. */
export async function makeClip(
  ffmpeg: Ffmpeg,
  file: string,
  clip: { video?: string; audio?: string; options?: string },
): Promise<string> {
  await ffmpeg.run({
    args: [
      ...(clip.video ? words(`-f lavfi -i ${clip.video}`) : []),
      ...(clip.audio ? words(`-f lavfi -i ${clip.audio}`) : []),
      ...(clip.options ? words(clip.options) : []),
      resolve(file),
    ],
  });
  return file;
}
