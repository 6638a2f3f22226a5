/** Files of all kinds: what the library makes of them, or why it refuses them. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { ffmpegForTests } from '../server/ffmpeg/ffmpeg-for-tests.ts';
import type { Made } from '../server/library/preparation/made.ts';
import { describeRendition } from '../server/library/rendition-probe-for-tests.ts';
import { SfumatoError } from '../signaling/contract/errors.ts';
import { makeAwkwardFiles } from './support/awkward-media.ts';
import { expectFragmented } from './support/fragments.ts';
import { type PreparedFile, type Preparing, startPreparing, TestJob } from './support/preparing.ts';

const run = promisify(execFile);
const ffmpeg = ffmpegForTests();
let folder: string;
let preparing: Preparing;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-originals-'));
  preparing = await startPreparing(ffmpeg);
});
afterAll(async () => {
  await preparing.close();
  await rm(folder, { recursive: true, force: true });
});

/** A file made by ffmpeg, by words of its command line. */
async function make(name: string, ...args: string[]): Promise<string> {
  const path = join(folder, name);
  const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
  await run(program, ['-hide_banner', '-loglevel', 'error', '-y', ...args, path], { cwd: folder });
  return path;
}
const source = (text: string): string[] => ['-f', 'lavfi', '-i', text];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];
const PICTURE = source('testsrc2=size=642x362:rate=30:duration=3');

/** Everything that the manifest names is there, as large as it says, and nothing else. */
async function expectWhole({ id, made, read }: PreparedFile): Promise<void> {
  expect(made.watchable).toBe(true);
  const names = made.files.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(await preparing.files.list(id)).toEqual([...names, 'original'].toSorted());
  for (const { name, bytes } of made.files)
    expect([name, (await read(name)).length]).toEqual([name, bytes]);
}

/** All rungs have the same pictures at the same times, and their key frames on the same ones. */
async function expectAligned({ made, path }: PreparedFile): Promise<void> {
  const described = await Promise.all(
    made.rungs.map(async ({ file }) => describeRendition(await path(file), 'video')),
  );
  const lowest = described[0];
  const { num, den } = made.framesPerSecond ?? { num: 1, den: 1 };
  for (const [index, { profile, frames, keyFrames }] of described.entries()) {
    const interval = made.rungs[index]?.keyFrameInterval ?? 0;
    expect(profile).toBe('42c01f');
    expect(frames).toHaveLength(lowest?.frames.length ?? 0);
    expect(frames.every(({ seconds }, at) => Math.abs(seconds - (at * den) / num) < 1e-6)).toBe(
      true,
    );
    expect(keyFrames.every((key) => key % interval === 0)).toBe(true);
    expect(keyFrames.every((key) => lowest?.frames[key]?.isKey)).toBe(true);
  }
}

function asRefusal(error: unknown): SfumatoError {
  if (error instanceof SfumatoError) return error;
  throw error;
}

const rolesOf = ({ files }: Made) => [...new Set(files.map(({ role }) => role))].toSorted();

describe('every file becomes watchable, or is refused with a reason', () => {
  test('awkward ones', async () => {
    for (const file of await makeAwkwardFiles(folder)) {
      const prepared = await preparing.prepare(file);
      await expectWhole(prepared);
      await expectAligned(prepared);
    }
  });

  test('those of TEST_MEDIA_DIR', async () => {
    const media = process.env.TEST_MEDIA_DIR;
    const names = media === undefined ? [] : readdirSync(media).map((name) => resolve(media, name));
    for (const file of names) {
      const prepared = await preparing.prepare(file).catch(asRefusal);
      if (prepared instanceof SfumatoError) {
        expect([file, prepared.code]).toEqual([file, 'unsupportedMedia']);
        expect(prepared.message).toMatch(/^[A-Z].*\.$/);
      } else {
        await expectWhole(prepared);
        await expectAligned(prepared);
      }
    }
  });
});

describe('film', () => {
  test('has everything that a player wants of it', async () => {
    await writeFile(
      join(folder, 'words.srt'),
      '1\n00:00:00,500 --> 00:00:02,000\nGrüße & <i>Küsse</i>\n',
    );
    await writeFile(
      join(folder, 'chapters.txt'),
      ';FFMETADATA1\ntitle=A film\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=One\n' +
        '[CHAPTER]\nTIMEBASE=1/1000\nSTART=1500\nEND=3000\ntitle=Two\n',
    );
    const file = await make(
      'everything.mkv',
      ...[...source('color=black:size=1280x720:rate=25:duration=1.6'), ...PICTURE.slice(0, 2)],
      ...['-i', 'testsrc2=size=1280x720:rate=25:duration=1.4', ...source('sine=440:duration=3')],
      ...[...source('sine=880:duration=3'), '-i', 'words.srt', '-i', 'chapters.txt'],
      ...['-filter_complex', '[0:v][1:v]concat=n=2:v=1:a=0[v]', '-map', '[v]', '-map', '2:a'],
      ...['-map', '3:a', '-map', '4', '-map_metadata', '5', '-map_chapters', '5', ...H264],
      ...['-c:a', 'aac', '-c:s', 'srt', '-metadata:s:s:0', 'language=deu'],
    );
    const job = new TestJob();
    const told: Made[] = [];
    const prepared = await preparing.prepare(file, job, async (made) => void told.push(made));
    const { made, read } = prepared;
    await expectWhole(prepared);
    await expectAligned(prepared);
    expect(made).toMatchObject({ kind: 'video', title: 'A film', width: 1280, height: 720 });
    expect(made.duration).toBeCloseTo(3, 1);
    expect(made.rungs.map(({ width, height }) => [width, height])).toEqual([
      [320, 180],
      [640, 360],
      [1280, 720],
    ]);
    expect(rolesOf(made)).toEqual([
      'captions',
      'chapters',
      'poster',
      'preview',
      'rendition',
      'waveform',
    ]);
    await expectFragmented(prepared);
    expect(made.loudness?.integrated).toBeGreaterThan(-30);
    expect(made.notes).toEqual([expect.stringContaining('2 sound tracks')]);
    // Something can be watched after the first step of several, with its preview.
    expect(job.begun[0]).toBe('first-rung-1');
    expect(told.map(({ watchable }) => watchable).indexOf(true)).toBe(1);
    expect(told[1]?.rungs).toHaveLength(1);
    expect(job.said.at(-1)).toEqual([1, undefined]);
    const fractions = job.said.map(([fraction]) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));

    expect((await read('captions-0.vtt')).toString()).toContain('Grüße');
    expect(made.files.find(({ role }) => role === 'captions')).toMatchObject({ language: 'de' });
    expect((await read('chapters.vtt')).toString()).toContain('00:00:01.500 --> 00:00:03.000\nTwo');
    expect((await read('preview.vtt')).toString()).toContain('preview-0.jpg#xywh=0,0,160,90');
    const { peaks } = JSON.parse((await read('waveform.json')).toString());
    expect(peaks.length).toBeGreaterThan(100);
    for (const ending of ['jpg', 'webp', 'avif']) {
      const poster = await sharp(await read(`poster-640.${ending}`)).stats();
      expect(Math.max(...poster.channels.map(({ mean }) => mean))).toBeGreaterThan(60);
    }
  });

  test('captions that are too long are left out, and said', async () => {
    const cue = (index: number) =>
      `${index + 1}\n00:00:00,${String(index + 1).padStart(3, '0')} --> 00:00:01,000\n${'talk '.repeat(1_000)}\n\n`;
    await writeFile(
      join(folder, 'long.srt'),
      Array.from({ length: 900 }, (_, at) => cue(at)).join(''),
    );
    await writeFile(join(folder, 'short.srt'), '1\n00:00:00,500 --> 00:00:01,000\nshort\n');
    const file = await make(
      'talks.mkv',
      ...[
        ...source('testsrc2=size=160x90:rate=10:duration=2'),
        '-i',
        'long.srt',
        '-i',
        'short.srt',
      ],
      ...['-map', '0', '-map', '1', '-map', '2', ...H264, '-c:s', 'srt'],
    );
    const prepared = await preparing.prepare(file);
    await expectWhole(prepared);
    expect(prepared.made.notes).toEqual(['Captions 1 are too long: 4 MB at most.']);
    expect((await prepared.read('captions-1.vtt')).toString()).toContain('short');
  });

  test('interlaced: pictures are whole, at their own rate', async () => {
    const file = await make(
      'interlaced.mpg',
      ...[...source('testsrc2=size=720x576:rate=50:duration=2'), '-vf', 'interlace,setsar=16/15'],
      ...['-c:v', 'mpeg2video', '-flags', '+ilme+ildct', '-q:v', '4'],
    );
    const prepared = await preparing.prepare(file);
    await expectWhole(prepared);
    expect(prepared.made).toMatchObject({ width: 768, height: 576 });
    expect(prepared.made.framesPerSecond).toEqual({ num: 25, den: 1 });
    expect(prepared.made.notes).toEqual([expect.stringContaining('interlaced')]);
  });

  test.each([
    ['smpte2084', 'pq'],
    ['arib-std-b67', 'hlg'],
  ])('HDR (%s): its light is fitted to ordinary screens', async (transfer, name) => {
    const x265 = `colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc:log-level=error`;
    const file = await make(
      `${name}.mp4`,
      ...[...PICTURE, '-vf', 'format=yuv420p10le', '-c:v', 'libx265', '-preset', 'ultrafast'],
      ...['-x265-params', x265, '-color_primaries', 'bt2020', '-color_trc', transfer],
      ...['-colorspace', 'bt2020nc', '-tag:v', 'hvc1'],
    );
    const prepared = await preparing.prepare(file);
    await expectWhole(prepared);
    await expectAligned(prepared);
    expect(prepared.made.notes).toEqual([expect.stringContaining('HDR')]);
    const { video } = await ffmpeg.probe(await prepared.path('video-0.mp4'));
    expect(video).toMatchObject({
      colorTransfer: 'bt709',
      colorSpace: 'bt709',
      pixelFormat: 'yuv420p',
    });
  });

  test('portrait and odd sizes keep their shape, and nothing becomes larger', async () => {
    const tall = await make(
      'tall.mp4',
      ...source('testsrc2=size=406x722:rate=30:duration=2'),
      ...H264,
    );
    const odd = await make(
      'odd.mkv',
      ...source('testsrc2=size=99x55:rate=15:duration=2'),
      ...['-c:v', 'ffv1'],
    );
    const [a, b] = [await preparing.prepare(tall), await preparing.prepare(odd)];
    expect(a.made).toMatchObject({ width: 406, height: 722 });
    expect(b.made).toMatchObject({ width: 98, height: 54, rungs: [expect.anything()] });
    await expectWhole(a);
    await expectWhole(b);
  });

  test('a file cut off in the middle is watchable as far as it goes', async () => {
    const whole = await make('whole.ts', ...PICTURE, ...source('sine=440:duration=3'), ...H264);
    const bytes = await readFile(whole);
    const cut = join(folder, 'cut.ts');
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length / 2)));
    await expectWhole(await preparing.prepare(cut));
  });
});

describe('sound', () => {
  test('comes with its cover, waveform and loudness, for every player', async () => {
    const cover = await make('cover.jpg', ...source('testsrc2=size=600x600'), '-frames:v', '1');
    const file = await make(
      'song.mp3',
      ...[...source('sine=440:duration=3'), '-i', cover, '-map', '0', '-map', '1', '-c:v', 'copy'],
      ...['-disposition:v', 'attached_pic', '-metadata', 'title=A song'],
    );
    const prepared = await preparing.prepare(file);
    await expectWhole(prepared);
    expect(prepared.made).toMatchObject({ kind: 'audio', title: 'A song', rungs: [] });
    expect(rolesOf(prepared.made)).toEqual(['cover', 'rendition', 'waveform']);
    expect(prepared.made.files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['audio.mp4', 'audio-aac.mp4', 'cover-600.avif', 'cover-320.webp']),
    );
  });
});

describe('images', () => {
  const noise = (width: number, height: number, channels: 3 | 4) =>
    sharp({
      create: {
        ...{ width, height, channels, background: { r: 200, g: 90, b: 30, alpha: 0.5 } },
        noise: { type: 'gaussian', mean: 128, sigma: 20 },
      },
    });

  test('a photograph becomes upright, in sizes for every screen, and says nothing of where it was', async () => {
    const file = join(folder, 'photo.jpg');
    const exif = { IFD0: { Copyright: 'Me' }, IFD3: { GPSLatitude: '52/1 30/1 0/1' } };
    await noise(1600, 1000, 3).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toFile(file);
    const prepared = await preparing.prepare(file);
    await expectWhole(prepared);
    expect(prepared.made).toMatchObject({ kind: 'image', width: 1000, height: 1600 });
    const widths = [320, 640, 1000];
    const names = widths.flatMap((width) =>
      ['avif', 'webp', 'jpg'].map((as) => `image-${width}.${as}`),
    );
    expect(prepared.made.files.map(({ name }) => name)).toEqual(names);
    for (const name of names) {
      const found = await sharp(await prepared.read(name)).metadata();
      expect([found.exif, found.xmp, found.orientation]).toEqual([undefined, undefined, undefined]);
      expect(found.height).toBe(Math.round((found.width ?? 0) * 1.6));
    }
  });

  test('what can be seen through stays so', async () => {
    const file = join(folder, 'logo.png');
    const half = await noise(400, 300, 3).ensureAlpha(0.5).png().toBuffer();
    await writeFile(file, half);
    const { made, read } = await preparing.prepare(file);
    const names = made.files.map(({ name }) => name);
    expect(names.some((name) => name.endsWith('.jpg'))).toBe(false);
    for (const name of names)
      expect((await sharp(await read(name)).metadata()).hasAlpha).toBe(true);
  });

  test('an animation goes on moving', async () => {
    const file = await make('moving.gif', ...source('testsrc2=size=120x80:rate=10:duration=2'));
    const { made, read } = await preparing.prepare(file);
    expect(made).toMatchObject({ kind: 'image', duration: 2, width: 120, height: 80 });
    const moving = await sharp(await read('animation.webp'), { animated: true }).metadata();
    expect(moving.pages).toBe(20);
  });

  test.each([
    ['a bomb', () => bomb(), /million pixels/],
    ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/],
    [
      'half a PNG',
      async () => (await noise(90, 90, 3).png().toBuffer()).subarray(0, 900),
      /damaged/,
    ],
    ['text', async () => Buffer.from('Dear diary,\n'), /text/],
    ['a PDF', async () => Buffer.from('%PDF-1.7\n'), /PDF/],
  ])('%s is refused with the reason', async (name, data, reason) => {
    const file = join(folder, `refused-${name.replaceAll(' ', '-')}`);
    await writeFile(file, await data());
    const job = new TestJob();
    await expect(preparing.prepare(file, job)).rejects.toMatchObject({
      ...{ code: 'unsupportedMedia', message: expect.stringMatching(reason) },
    });
    expect(await preparing.files.list(job.id)).toEqual(['original']);
  });

  const bomb = () =>
    sharp({
      create: { width: 20_000, height: 20_000, channels: 3, background: 'white' },
      limitInputPixels: false,
    })
      .png()
      .toBuffer();
});

describe('a preparation that ends early', () => {
  test('leaves nothing half made, and does no finished step again', async () => {
    const file = await make(
      'long.mp4',
      ...source('testsrc2=size=1280x720:rate=30:duration=20'),
      ...H264,
    );
    const controller = new AbortController();
    const enough = new Error('Enough.');
    const stopped = new TestJob(controller.signal, (fraction, step) => {
      // In the midst of it: its ffmpeg has told of progress.
      if (step !== 'Making Renditions') return;
      begun ??= fraction;
      if (fraction > begun) controller.abort(enough);
    });
    let begun: number | undefined;
    await expect(preparing.prepare(file, stopped)).rejects.toBe(enough);
    const finished = [...stopped.steps.keys()];
    expect(finished).toContain('first-rung-1');
    expect(finished).not.toContain('renditions-1');
    const [home] = await readdir(preparing.scratchDir);
    expect(await readdir(join(preparing.scratchDir, home ?? ''))).toEqual([]);

    const resumed = Object.assign(new TestJob(), { id: stopped.id });
    for (const [name, result] of stopped.steps) resumed.steps.set(name, result);
    const prepared = await preparing.prepare(file, resumed);
    expect(resumed.begun).not.toContain('first-rung-1');
    expect(resumed.begun).toContain('renditions-1');
    await expectWhole(prepared);
    await expectAligned(prepared);
  });
});
