/** A hundred broken files: each ends prepared or refused, in time, and within the caps. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { ffmpegForTests } from '../server/ffmpeg/ffmpeg-for-tests.ts';
import { outputSeconds } from '../server/library/preparation/limits.ts';
import { SfumatoError } from '../signaling/contract/errors.ts';
import { breakFile } from './support/broken-files.ts';
import { type Preparing, startPreparing } from './support/preparing.ts';

const FILES = 100;
/** Kept: a file that fails is made again by its number. */
const FIRST_SEED = 5_000;
const AT_ONCE = 2;

const run = promisify(execFile);
let folder: string;
let preparing: Preparing;
let good: { name: string; bytes: Buffer }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-broken-'));
  preparing = await startPreparing(ffmpegForTests());
  good = await makeGoodFiles();
});
afterAll(async () => {
  await preparing.close();
  await rm(folder, { recursive: true, force: true });
});

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=size=192x108:rate=15:duration=1.2'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1.2'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];
const RECIPES: Record<string, string[]> = {
  'film.mp4': [...PICTURE, ...SOUND, ...H264, '-c:a', 'aac'],
  'fragments.mp4': [...PICTURE, ...SOUND, ...H264, '-movflags', '+frag_keyframe+empty_moov'],
  'film.mkv': [...PICTURE, ...SOUND, ...H264, '-bf', '2', '-c:a', 'libopus'],
  'film.webm': [...PICTURE, ...SOUND, '-c:v', 'libvpx', '-c:a', 'libvorbis'],
  'film.ts': [...PICTURE, ...SOUND, ...H264, '-c:a', 'aac'],
  'film.avi': [...PICTURE, ...SOUND, '-c:v', 'mpeg4', '-c:a', 'libmp3lame'],
  'song.mp3': SOUND,
  'song.flac': SOUND,
  'song.ogg': [...SOUND, '-c:a', 'libvorbis'],
  'moving.gif': PICTURE,
};

async function makeGoodFiles() {
  const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
  const files: { name: string; bytes: Buffer }[] = [];
  for (const [name, recipe] of Object.entries(RECIPES)) {
    const path = join(folder, name);
    await run(program, ['-hide_banner', '-loglevel', 'error', '-y', ...recipe, path]);
    files.push({ name, bytes: await readFile(path) });
  }
  const background = { r: 200, g: 90, b: 30 };
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 };
  const image = sharp({ create: { width: 200, height: 150, channels: 3, background, noise } });
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const) {
    files.push({ name: `image.${format}`, bytes: await image.clone().toFormat(format).toBuffer() });
  }
  return files;
}

test('a hundred broken files crash nothing, hang nothing, exceed nothing', async () => {
  const outcomes: string[] = [];
  const seeds = Array.from({ length: FILES }, (_, index) => FIRST_SEED + index);
  const work = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      outcomes.push(await outcomeOf(seed));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(outcomes).toHaveLength(FILES);
  // Neither all good nor all bad: the files are broken, and much of them can be saved.
  const count = (start: string) => outcomes.filter((outcome) => outcome.startsWith(start)).length;
  expect(count('prepared') + count('refused')).toBe(FILES);
  expect(count('prepared')).toBeGreaterThan(10);
  expect(count('refused')).toBeGreaterThan(10);
});

async function outcomeOf(seed: number): Promise<string> {
  const source = good[seed % good.length];
  if (!source) throw new Error('There is no good file.');
  const bytes = breakFile(source.bytes, seed);
  const file = join(folder, `broken-${seed}`);
  await writeFile(file, bytes);
  try {
    const { id, made } = await preparing.prepare(file);
    expect([seed, made.watchable]).toEqual([seed, true]);
    expect(made.duration ?? 0).toBeLessThan(outputSeconds(made.duration, bytes.length) + 1);
    expect(await preparing.files.list(id)).toHaveLength(made.files.length + 1);
    await preparing.files.removeAsset(id);
    return `prepared ${seed} ${source.name}`;
  } catch (error) {
    if (!(error instanceof SfumatoError)) throw new Error(`seed ${seed}`, { cause: error });
    expect([seed, error.code]).toEqual([seed, 'unsupportedMedia']);
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    return `refused ${seed} ${source.name}: ${error.message}`;
  } finally {
    await rm(file);
  }
}
