import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { BLOCK_CODE, blockCodeCell, readBlockCode } from '../../server/library/demo/block-code.ts';

const run = promisify(execFile);
const FFMPEG = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
const QUIET = ['-hide_banner', '-loglevel', 'error', '-y'];

/** Pictures of these films, whose numbers are in them. */
export const FILM = { width: 640, height: 360, framesPerSecond: 25 };

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
 * A film whose pictures carry their number, with a tone, captions and two chapters. Its sound needs no run-in, which would
 * put the first picture off the beginning. @returns its path
 */
export async function makeCodedFilm(folder: string, seconds = 20, name = 'film.mkv') {
  const path = join(folder, name);
  const [captions, chapters] = [join(folder, 'film.srt'), join(folder, 'film.txt')];
  await writeFile(captions, CAPTIONS);
  await writeFile(chapters, CHAPTERS);
  const { width, height, framesPerSecond } = FILM;
  const ffmpeg = spawn(
    FFMPEG,
    [
      ...QUIET,
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`],
      ...['-r', String(framesPerSecond), '-i', 'pipe:0'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440', '-i', captions, '-i', chapters],
      ...['-map', '0', '-map', '1', '-map', '2', '-map_metadata', '3'],
      ...['-metadata:s:s:0', 'language=eng', '-t', String(seconds), '-pix_fmt', 'yuv420p'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'flac', '-c:s', 'srt', path],
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  const ended = once(ffmpeg, 'exit');
  for (let number = 0; number < seconds * framesPerSecond; number += 1) {
    if (!ffmpeg.stdin.write(codedPicture(number))) await once(ffmpeg.stdin, 'drain');
  }
  ffmpeg.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}`);
  return path;
}

/** A grey slope that moves, with the number in it. */
function codedPicture(number: number): Buffer {
  const { width, height } = FILM;
  const row = Buffer.from(Array.from({ length: width }, (_, x) => 60 + ((x + number * 3) % 160)));
  const picture = Buffer.concat(Array.from({ length: height }, () => row));
  const { columns, rows, quietZone } = BLOCK_CODE;
  const cell = BLOCK_CODE.cell * height;
  const left = BLOCK_CODE.centerX * width - (columns / 2) * cell;
  const top = BLOCK_CODE.centerY * height - (rows / 2) * cell;
  const quiet = quietZone * cell;
  fill(
    picture,
    [left - quiet, top - quiet, columns * cell + 2 * quiet, rows * cell + 2 * quiet],
    16,
  );
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if (blockCodeCell(number, y, x)) {
        fill(picture, [left + x * cell, top + y * cell, cell, cell], 235);
      }
    }
  }
  return picture;
}

type Box = readonly [left: number, top: number, width: number, height: number];

function fill(picture: Buffer, [left, top, width, height]: Box, value: number): void {
  const from = Math.round(left);
  for (let y = Math.round(top); y < Math.min(FILM.height, Math.round(top + height)); y += 1) {
    picture.fill(value, y * FILM.width + from, y * FILM.width + from + Math.round(width));
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

/** The number in the picture that the page's player shows now; null where none can be read. */
export async function shownNumber(page: Page): Promise<number | null> {
  // As text: the page's own content security policy lets it make no functions of text.
  return page.evaluate(`(${readShown.toString()})(${readBlockCode.toString()})`);
}

/** Runs in the page. */
function readShown(read: typeof readBlockCode): number | null {
  const video = window.sfumato?.media?.nativeEl;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (video === undefined || context === null || video.videoWidth === 0) return null;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  context.drawImage(video, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  return read(data, width, height);
}
