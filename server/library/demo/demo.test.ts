import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ffmpegForTests } from '../../ffmpeg/ffmpeg-for-tests.ts';
import { makeRenditions, type RenditionFiles } from '../renditions.ts';
import { decodeFrames, describeRendition } from '../rendition-probe-for-tests.ts';
import { readBlockCode } from './block-code.ts';
import { demoJob } from './demo.ts';
import { DEMO } from './scene.ts';

const SECONDS = 4;
const FRAMES = SECONDS * DEMO.framesPerSecond;
const ffmpeg = ffmpegForTests();
let folder: string;
let files: RenditionFiles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-demo-'));
  files = await makeRenditions(ffmpeg, demoJob(SECONDS), folder, {});
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([
  [0, 320, 180, 5],
  [1, 640, 360, 30],
  [2, 1280, 720, 30],
])('rung %i', (index, width, height, interval) => {
  test('every frame is there, in order, and its number can be read', async () => {
    const seen: (number | null)[] = [];
    const file = join(folder, files.rungs[index]?.file ?? '');
    await decodeFrames(ffmpeg, file, { width, height }, (rgba) =>
      seen.push(readBlockCode(rgba, width, height)),
    );
    expect(seen).toEqual(Array.from({ length: FRAMES }, (_, frame) => frame));
  });

  test('constrained baseline 3.1, key frames where they belong, no reordering', async () => {
    const rendition = await describeRendition(
      join(folder, files.rungs[index]?.file ?? ''),
      'video',
    );
    // profile_idc 66, constraint_set0 and 1, level 31 (H.264 section A.2.1.1).
    expect(rendition.profile).toBe('42c01f');
    expect(rendition.keyFrames).toEqual(
      Array.from({ length: Math.ceil(FRAMES / interval) }, (_, key) => key * interval),
    );
    // Frames come in decoding order: rising presentation times mean that there are no B-frames.
    for (const [frame, { seconds }] of rendition.frames.entries()) {
      expect(seconds).toBeCloseTo(frame / DEMO.framesPerSecond, 9);
    }
  });
});

test('the sound is as long as the picture, in frames of 20 ms', async () => {
  const sound = await describeRendition(join(folder, files.audio?.file ?? ''), 'audio');
  expect(new Set(sound.frames.slice(0, -1).map(({ duration }) => duration))).toEqual(
    new Set([0.02]),
  );
  const end = (sound.frames.at(-1)?.seconds ?? 0) + 0.02;
  expect(end).toBeGreaterThanOrEqual(SECONDS);
  expect(end).toBeLessThan(SECONDS + 0.04);
});

test('the bell rings when the second begins', async () => {
  const pieces: Buffer[] = [];
  await ffmpeg.run({
    args: `-i ${join(folder, 'audio.mp4')} -ac 1 -ar 48000 -f s16le pipe:1`.split(' '),
    onOutput: (piece) => {
      pieces.push(piece);
    },
  });
  const data = Buffer.concat(pieces);
  const samples = new Int16Array(data.buffer, data.byteOffset, data.length >> 1);
  /** Energy of 5 ms around a time. */
  const level = (seconds: number) => {
    const start = Math.round(seconds * 48_000);
    return samples.subarray(start, start + 240).reduce((sum, sample) => sum + Math.abs(sample), 0);
  };
  for (let second = 1; second < SECONDS; second += 1) {
    expect(level(second + 0.003)).toBeGreaterThan(2 * level(second - 0.008));
  }
});
