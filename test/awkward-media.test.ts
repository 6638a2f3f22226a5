/** Files from the wild, where TEST_MEDIA_DIR names a folder of them: each one plays or is refused. */
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { ffmpegForTests } from '../server/ffmpeg/ffmpeg-for-tests.ts';
import { createLibrary, type Library } from '../server/library/library.ts';
import { describeRendition } from '../server/library/rendition-probe-for-tests.ts';
import { SfumatoError } from '../signaling/contract/errors.ts';

const media = process.env.TEST_MEDIA_DIR;
const files = media ? readdirSync(media).map((name) => resolve(media, name)) : [];
const ffmpeg = ffmpegForTests();
let folder: string;
let library: Library;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-awkward-'));
  library = await createLibrary({ dataDir: folder, ffmpeg, log: pino({ level: 'silent' }) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

(files.length > 0 ? describe : describe.skip)('awkward files', () => {
  test.each(files.length > 0 ? files : ['TEST_MEDIA_DIR is not set'])(
    '%s',
    async (file) => {
      const prepared = await library.prepare(file).catch((error: unknown) => error);
      if (prepared instanceof SfumatoError) {
        expect(prepared.message).toMatch(/^[A-Z].*\.$/);
        return;
      }
      if (prepared instanceof Error) throw prepared;
      const { rungs, audio, framesPerSecond } = await library.prepare(file);
      expect(rungs.length + (audio ? 1 : 0)).toBeGreaterThan(0);
      const described = await Promise.all(
        rungs.map(({ file: rung }) => describeRendition(rung, 'video')),
      );
      const seconds = framesPerSecond ? framesPerSecond.den / framesPerSecond.num : 0;
      for (const [index, { profile, frames, keyFrames }] of described.entries()) {
        expect(profile).toBe('42c01f');
        expect(frames).toHaveLength(described[0]?.frames.length ?? 0);
        expect(keyFrames.every((key) => key % (rungs[index]?.keyFrameInterval ?? 0) === 0)).toBe(
          true,
        );
        expect(frames.every((frame, at) => Math.abs(frame.seconds - at * seconds) < 1e-6)).toBe(
          true,
        );
      }
    },
    180_000,
  );
});
