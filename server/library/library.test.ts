import { mkdir, mkdtemp, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { ffmpegForTests, makeClip } from '../ffmpeg/ffmpeg-for-tests.ts';
import { createLibrary, type Library } from './library.ts';
import { describeRendition } from './rendition-probe-for-tests.ts';

const ffmpeg = ffmpegForTests();
let runs = 0;
/** The real thing, and counts. */
const counting: Ffmpeg = {
  ...ffmpeg,
  run: (options) => {
    runs += 1;
    return ffmpeg.run(options);
  },
};
const log = pino({ level: 'silent' });
let folder: string;
let dataDir: string;
let library: Library;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-library-'));
  dataDir = join(folder, 'data');
  library = await createLibrary({ dataDir, ffmpeg: counting, log });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const clip = (name: string, parts: Parameters<typeof makeClip>[2]) =>
  makeClip(ffmpeg, join(folder, name), parts);

describe('prepare', () => {
  test('a film with B-frames becomes aligned rungs and sound', async () => {
    const file = await clip('a_film.mkv', {
      video: 'testsrc2=s=1280x720:r=30000/1001:d=3',
      audio: 'sine=r=44100:d=3',
      options: '-c:v libx264 -preset ultrafast -bf 3 -c:a aac',
    });
    const progress: number[] = [];
    const prepared = await library.prepare(file, {
      onProgress: ({ fraction }) => progress.push(fraction ?? -1),
    });
    expect(prepared.title).toBe('a film');
    expect(prepared.framesPerSecond).toEqual({ num: 30000, den: 1001 });
    expect(prepared.rungs.map(({ width, height }) => [width, height])).toEqual([
      [320, 180],
      [640, 360],
      [1280, 720],
    ]);
    expect(progress.at(-1)).toBeGreaterThan(0.9);
    const [low, middle, high] = await Promise.all(
      prepared.rungs.map(({ file: rung }) => describeRendition(rung, 'video')),
    );
    expect(low?.frames.length).toBe(high?.frames.length);
    expect(high?.keyFrames).toEqual([0, 30, 60, 90].slice(0, high?.keyFrames.length));
    expect(middle?.keyFrames).toEqual(high?.keyFrames);
    expect(low?.keyFrames.filter((frame) => frame % 30 === 0)).toEqual(high?.keyFrames);
    expect(high?.frames[30]?.seconds).toBeCloseTo((30 * 1001) / 30000, 9);
    expect(prepared.audio).toBeDefined();
  });

  test('is found again: the same file, moved, after a restart', async () => {
    const before = runs;
    await rename(join(folder, 'a_film.mkv'), join(folder, 'moved.mkv'));
    const again = await createLibrary({ dataDir, ffmpeg: counting, log });
    expect((await again.prepare(join(folder, 'moved.mkv'))).title).toBe('moved');
    expect(runs).toBe(before);
  });

  test('is made again when a file of it is cut short or its manifest is broken', async () => {
    const file = await clip('sound.wav', { audio: 'sine=d=2' });
    const { audio, folder: where } = await library.prepare(file);
    const before = runs;
    await truncate(audio?.file ?? '', 100);
    await library.prepare(file);
    expect(runs).toBe(before + 1);
    await writeFile(join(where, 'manifest.json'), '{"version": 1');
    await library.prepare(file);
    expect(runs).toBe(before + 2);
  });

  test('two at once do the work once', async () => {
    const file = await clip('twice.wav', { audio: 'sine=d=1' });
    const before = runs;
    const [a, b] = await Promise.all([library.prepare(file), library.prepare(file)]);
    expect(a).toEqual(b);
    expect(runs).toBe(before + 1);
  });

  test('sound alone has no rungs, picture alone no sound', async () => {
    const sound = await library.prepare(
      await clip('tagged.flac', { audio: 'sine=d=1', options: '-metadata title=Song' }),
    );
    expect(sound).toMatchObject({ title: 'Song', rungs: [] });
    expect(sound.duration).toBeCloseTo(1, 1);
    const silent = await library.prepare(
      await clip('silent.mp4', { video: 'testsrc=s=96x64:r=25:d=1', options: '-c:v libx264' }),
    );
    expect(silent.audio).toBeUndefined();
    expect(silent.rungs).toHaveLength(1);
  });

  test('the shorter one of sound and picture is filled up', async () => {
    const longSound = await library.prepare(
      await clip('long-sound.mkv', {
        video: 'testsrc=s=96x64:r=25:d=1',
        audio: 'sine=d=3',
        options: '-c:v libx264 -c:a aac',
      }),
    );
    // Matroska tells no length of its streams: MP4 does.
    const inMp4 = join(folder, 'long-sound.mp4');
    await ffmpeg.run({
      args: ['-i', join(folder, 'long-sound.mkv'), '-c', 'copy', inMp4],
    });
    // A frame or two more: the container's length is not that of its frames.
    const { duration } = await library.prepare(inMp4);
    expect(Math.abs(duration - 3)).toBeLessThan(0.15);
    expect(longSound.duration).toBeGreaterThan(0.9);
  });

  test('given up, it leaves nothing behind', async () => {
    const file = await clip('given-up.mp4', {
      video: 'testsrc2=s=1280x720:r=30:d=20',
      options: '-c:v libx264 -preset ultrafast',
    });
    const controller = new AbortController();
    const before = await readdir(join(dataDir, 'renditions'));
    const run = library.prepare(file, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('given up')),
    });
    await expect(run).rejects.toThrow('given up');
    expect(
      await eventually(async () => same(await readdir(join(dataDir, 'renditions')), before)),
    ).toBe(true);
  });
});

const same = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();

async function eventually(check: () => Promise<boolean>, limitMs = 5000): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (await check()) return true;
    await delay(20);
  }
  return false;
}

describe('refused, with a reason', () => {
  test.each([
    ['a missing file', 'notFound', 'no file', async () => join(folder, 'nothing.mp4')],
    ['a directory', 'unsupportedMedia', 'directory', async () => folder],
    ['an empty file', 'unsupportedMedia', 'empty', () => written('empty.mp4', '')],
    ['text', 'unsupportedMedia', 'text', () => written('notes.mp4', 'Dear diary,\n')],
    [
      'a playlist',
      'unsupportedMedia',
      'playlist',
      () => written('list.mp4', '#EXTM3U\n/etc/hosts\n'),
    ],
    [
      'noise',
      'unsupportedMedia',
      'damaged',
      () => written('noise.mp4', '\x00\x01\x02\xff'.repeat(999)),
    ],
    [
      'a picture',
      'unsupportedMedia',
      'picture',
      () => clip('picture.png', { video: 'testsrc=d=0.04' }),
    ],
    [
      'a film of one frame',
      'unsupportedMedia',
      'too short',
      () => clip('one.mp4', { video: 'testsrc=r=25:d=0.04', options: '-c:v libx264' }),
    ],
  ])('%s', async (_name, code, reason, file) => {
    await expect(library.prepare(await file())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(reason),
    });
  });

  async function written(name: string, content: string): Promise<string> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), content, 'latin1');
    return join(folder, name);
  }
});
