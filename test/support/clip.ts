import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes a small clean clip with ffmpeg: a moving picture and a tone. @returns its path */
export async function makeClip(folder: string, name = 'clip.mp4', seconds = 2): Promise<string> {
  const path = join(folder, name);
  await run(process.env.FFMPEG_PATH ?? 'ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...['-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=30:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', path],
  ]);
  return path;
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
