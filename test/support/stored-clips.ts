import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BLOCK_CODE, blockCodeCell } from '../../server/library/demo/block-code.ts';

const run = promisify(execFile);
const FFMPEG = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
const QUIET = ['-hide_banner', '-loglevel', 'error', '-y'];

/** Pictures of these films, whose numbers are in them. */
export const FILM = { width: 640, height: 360, framesPerSecond: 25 };

/** How a film looks and sounds. Pictures are made small and enlarged: of a long film that is what takes the time. */
export type FilmLook = {
  width: number;
  height: number;
  framesPerSecond: number;
  /** How often wider and taller the film is than its pictures were made. */
  enlarged?: number;
  /** Noise over the picture, as strong as this: real pictures are not so easily compressed as ours. */
  noise?: number;
  /** A tone all the time, or one of 60 ms that begins with the first picture of each second. */
  sound: 'tone' | 'beeps';
};

const LOOK: FilmLook = { ...FILM, sound: 'tone' };

/** Ten minutes of this are made and prepared in half a minute, in two Renditions. */
export const LONG_FILM = {
  ...{ width: 256, height: 144, enlarged: 2, framesPerSecond: 25, seconds: 600 },
  sound: 'beeps',
} as const;

const SOUNDS: Record<FilmLook['sound'], string> = {
  tone: 'sine=frequency=440:sample_rate=48000',
  beeps:
    'aevalsrc=0.5*sin(2*PI*1000*t)*lt(t\\,0.06):sample_rate=48000:duration=1,aloop=loop=-1:size=48000',
};

const CAPTIONS = `1
00:00:01,000 --> 00:00:05,000
First words

2
00:00:06,000 --> 00:00:18,000
Further words
`;

const CHAPTERS = `;FFMETADATA1
[CHAPTER]
TIMEBASE=1/1
START=0
END=10
title=The beginning
[CHAPTER]
TIMEBASE=1/1
START=10
END=20
title=The rest
`;

/**
 * A film whose pictures carry their number, with a sound, captions and two chapters. Its sound needs no run-in, which would
 * put the first picture off the beginning. @returns its path
 */
export async function makeCodedFilm(
  folder: string,
  seconds = 20,
  name = 'film.mkv',
  look: FilmLook = LOOK,
) {
  const path = join(folder, name);
  const [captions, chapters] = [join(folder, 'film.srt'), join(folder, 'film.txt')];
  await writeFile(captions, CAPTIONS);
  await writeFile(chapters, CHAPTERS);
  const { width, height, framesPerSecond } = look;
  const ffmpeg = spawn(
    FFMPEG,
    [
      ...QUIET,
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`],
      ...['-r', String(framesPerSecond), '-i', 'pipe:0'],
      ...['-f', 'lavfi', '-i', SOUNDS[look.sound], '-i', captions, '-i', chapters],
      ...['-map', '0', '-map', '1', '-map', '2', '-map_metadata', '3', '-vf', filterOf(look)],
      ...['-metadata:s:s:0', 'language=eng', '-t', String(seconds), '-pix_fmt', 'yuv420p'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'flac', '-c:s', 'srt', path],
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  const ended = once(ffmpeg, 'exit');
  const slope = slopeOf(look);
  for (let number = 0; number < seconds * framesPerSecond; number += 1) {
    if (!ffmpeg.stdin.write(codedPicture(number, look, slope))) await once(ffmpeg.stdin, 'drain');
  }
  ffmpeg.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}`);
  return path;
}

function filterOf({ enlarged = 1, noise = 0 }: FilmLook): string {
  const larger = `scale=iw*${enlarged}:ih*${enlarged}:flags=neighbor`;
  return noise === 0 ? larger : `${larger},noise=alls=${noise}:allf=t`;
}

/** How far the slope of grey moves before it is where it was. */
const SLOPE_PERIOD = 160;

/** A row of grey that comes again and again, longer by one period than a picture is wide. */
function slopeOf({ width }: FilmLook): Buffer {
  return Buffer.from(
    Array.from({ length: width + SLOPE_PERIOD }, (_, x) => 60 + (x % SLOPE_PERIOD)),
  );
}

/** A grey slope that moves, with the number in it. */
function codedPicture(number: number, look: FilmLook, slope: Buffer): Buffer {
  const { width, height } = look;
  const from = (number * 3) % SLOPE_PERIOD;
  // Filling repeats the row.
  const picture = Buffer.alloc(width * height, slope.subarray(from, from + width));
  const { columns, rows, quietZone } = BLOCK_CODE;
  const cell = BLOCK_CODE.cell * height;
  const left = BLOCK_CODE.centerX * width - (columns / 2) * cell;
  const top = BLOCK_CODE.centerY * height - (rows / 2) * cell;
  const quiet = quietZone * cell;
  const around = [left - quiet, top - quiet, columns * cell + 2 * quiet, rows * cell + 2 * quiet];
  fill(picture, look, around, 16);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if (blockCodeCell(number, y, x)) {
        fill(picture, look, [left + x * cell, top + y * cell, cell, cell], 235);
      }
    }
  }
  return picture;
}

function fill(
  picture: Buffer,
  look: FilmLook,
  [left = 0, top = 0, width = 0, height = 0]: readonly number[],
  value: number,
): void {
  const from = Math.round(left);
  for (let y = Math.round(top); y < Math.min(look.height, Math.round(top + height)); y += 1) {
    picture.fill(value, y * look.width + from, y * look.width + from + Math.round(width));
  }
}

/** A sound that grows and fades, with a cover. @returns its path */
export async function makeTune(folder: string, seconds = 20): Promise<string> {
  const [cover, path] = [join(folder, 'cover.png'), join(folder, 'tune.m4a')];
  await run(FFMPEG, [
    ...QUIET,
    ...lavfi('mandelbrot=size=640x640:rate=1'),
    '-frames:v',
    '1',
    cover,
  ]);
  const swell = `aevalsrc=sin(2*PI*330*t)*(0.15+0.6*pow(sin(t*0.9)\\,2)):d=${seconds}`;
  await run(FFMPEG, [
    ...[...QUIET, ...lavfi(swell), '-i', cover, '-map', '0', '-map', '1'],
    ...[
      '-c:a',
      'aac',
      '-c:v',
      'mjpeg',
      '-pix_fmt',
      'yuvj420p',
      '-disposition:v:0',
      'attached_pic',
      path,
    ],
  ]);
  return path;
}

/** A colourful still. @returns its path */
export async function makeStill(folder: string): Promise<string> {
  const path = join(folder, 'still.png');
  await run(FFMPEG, [
    ...QUIET,
    ...lavfi('mandelbrot=size=1600x1000:rate=1'),
    '-frames:v',
    '1',
    path,
  ]);
  return path;
}

const lavfi = (source: string) => ['-f', 'lavfi', '-i', source];

export { shownNumber } from './shown-picture.ts';
