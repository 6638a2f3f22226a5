import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PICTURE = 'testsrc2=size=642x362:rate=30:duration=2';
const SOUND = 'sine=frequency=440:duration=2';
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];

/** Kinds of files that people have and players stumble over: how ffmpeg makes one of each. */
const RECIPES: Record<string, string[]> = {
  'b-frames.mp4': ['-i', PICTURE, ...H264, '-bf', '3', '-profile:v', 'high', '-preset', 'fast'],
  'hevc.mp4': ['-i', PICTURE, '-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1'],
  'square-it-is-not.mp4': ['-i', PICTURE, ...H264, '-vf', 'setsar=2/1'],
  'rates-vary.mp4': [
    ...['-i', PICTURE, ...H264],
    ...['-vf', "select='not(mod(n,7))+lt(n,20)'", '-vsync', 'vfr'],
  ],
  'every-pixel-its-colour.mkv': [
    '-i',
    PICTURE,
    ...H264,
    '-pix_fmt',
    'yuv444p',
    '-vf',
    'crop=321:241',
  ],
  'interlaced.ts': [
    '-i',
    PICTURE,
    ...H264,
    '-flags',
    '+ilme+ildct',
    '-vf',
    'crop=640:360,interlace',
  ],
  'flash.flv': ['-i', PICTURE, '-f', 'lavfi', '-i', SOUND, ...H264, '-c:a', 'aac'],
  'film.webm': ['-i', PICTURE, '-f', 'lavfi', '-i', SOUND, '-c:v', 'libvpx', '-c:a', 'libvorbis'],
  'song.mp3': ['-i', SOUND, '-q:a', '4'],
  'song.flac': ['-i', SOUND],
};

/** @returns the paths of one awkward file of each kind */
export async function makeAwkwardFiles(folder: string): Promise<string[]> {
  const made = Object.entries(RECIPES).map(([name, recipe]) => make(join(folder, name), recipe));
  return [...(await Promise.all(made)), await makeRotated(folder)];
}

async function make(path: string, recipe: readonly string[]): Promise<string> {
  const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
  const common = ['-hide_banner', '-loglevel', 'error', '-y'];
  const input = recipe[0] === '-i' && !recipe[1]?.startsWith('/') ? ['-f', 'lavfi'] : [];
  await run(program, [...common, ...input, ...recipe, path]);
  return path;
}

/** As phones do it: the picture lies on its side, and a note in the file says how to hold it. */
async function makeRotated(folder: string): Promise<string> {
  const upright = await make(join(folder, 'upright.mp4'), ['-i', PICTURE, ...H264]);
  return await make(join(folder, 'rotated.mp4'), [
    ...['-i', upright, '-c', 'copy', '-metadata:s:v:0', 'rotate=90'],
  ]);
}
