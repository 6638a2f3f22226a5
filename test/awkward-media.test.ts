/** Awkward files, and those of a folder that TEST_MEDIA_DIR names: each one is made playable or refused. */
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { ffmpegForTests } from '../server/ffmpeg/ffmpeg-for-tests.ts';
import { createLibrary, type Library } from '../server/library/library.ts';
import { describeRendition } from '../server/library/rendition-probe-for-tests.ts';
import type { Prepared } from '../server/library/manifest.ts';
import { SfumatoError } from '../signaling/contract/errors.ts';
import { makeAwkwardFiles } from './support/awkward-media.ts';

const ffmpeg = ffmpegForTests();
let folder: string;
let library: Library;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-awkward-'));
  library = await createLibrary({ dataDir: folder, ffmpeg, log: pino({ level: 'silent' }) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('each awkward file gets aligned Renditions that every browser plays', async () => {
  const own = await makeAwkwardFiles(folder);
  for (const file of own) await expectPlayable(file, await library.prepare(file));
});

test('each file of TEST_MEDIA_DIR does, or is refused with a sentence', async () => {
  const media = process.env.TEST_MEDIA_DIR;
  const names = media === undefined ? [] : readdirSync(media).map((name) => resolve(media, name));
  for (const file of names) {
    const prepared = await library.prepare(file).catch((error: unknown) => error);
    if (prepared instanceof SfumatoError) expect(prepared.message).toMatch(/^[A-Z].*\.$/);
    else if (prepared instanceof Error) throw prepared;
    else await expectPlayable(file, await library.prepare(file));
  }
}, 600_000);

test('a picture that was turned is prepared upright, and pixels become square', async () => {
  const sizeOf = async (name: string) => {
    const { rungs } = await library.prepare(join(folder, name));
    const top = rungs.at(-1);
    return [top?.width, top?.height];
  };
  expect(await sizeOf('rotated.mp4')).toEqual([362, 642]);
  expect(await sizeOf('square-it-is-not.mp4')).toEqual([1280, 360]);
});

async function expectPlayable(file: string, { rungs, audio, framesPerSecond }: Prepared) {
  expect([file, rungs.length + (audio ? 1 : 0)]).not.toEqual([file, 0]);
  const described = await Promise.all(
    rungs.map(({ file: rung }) => describeRendition(rung, 'video')),
  );
  const seconds = framesPerSecond ? framesPerSecond.den / framesPerSecond.num : 0;
  for (const [index, { profile, frames, keyFrames }] of described.entries()) {
    const interval = rungs[index]?.keyFrameInterval ?? 0;
    expect([file, profile]).toEqual([file, '42c01f']);
    expect(frames).toHaveLength(described[0]?.frames.length ?? 0);
    expect(keyFrames.every((key) => key % interval === 0)).toBe(true);
    expect(frames.every((frame, at) => Math.abs(frame.seconds - at * seconds) < 1e-6)).toBe(true);
  }
}
