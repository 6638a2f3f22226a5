/** The decisions of a preparation, apart from the files that they are about. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MediaInfo, VideoInfo } from '../../ffmpeg/media-info.ts';
import { languageTag } from './captions.ts';
import { contentOf } from './content.ts';
import { reasonAgainst } from './examine.ts';
import { planTiles } from './film-plan.ts';
import { widthsFor } from './image-sizes.ts';
import { outputSeconds, timeLimitMs } from './limits.ts';
import { parseLoudness } from './loudness.ts';
import { treatPicture } from './picture-treatment.ts';
import { choosePoster, pictureScore } from './poster-choice.ts';
import { previewVtt } from './preview.ts';
import { chaptersVtt, vttTime, wordsOfVtt } from './vtt.ts';
import { createWaveformReader, WAVEFORM_RATE } from './waveform.ts';

const video: VideoInfo = {
  ...{ codec: 'h264', width: 1920, height: 1080, displayWidth: 1920, displayHeight: 1080 },
  ...{ rotation: 0, sampleAspectRatio: { num: 1, den: 1 }, variableFrameRate: false },
  ...{ framesPerSecond: { num: 25, den: 1 }, pixelFormat: 'yuv420p', colorSpace: 'bt709' },
  ...{ colorTransfer: 'bt709', colorPrimaries: 'bt709', interlaced: false, duration: 10 },
};
const ALL = new Set<string>(['zscale', 'tonemap', 'bwdif', 'yadif']);

describe('what a file is, by its first bytes', () => {
  const ftyp = (major: string, ...brands: string[]) =>
    `\0\0\0${String.fromCharCode(16 + brands.length * 4)}ftyp${major}\0\0\0\0${brands.join('')}`;
  test.each([
    ['\x89PNG\r\n\x1a\n', 'image'],
    ['\xff\xd8\xff\xe0', 'image'],
    ['GIF89a', 'image'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'image'],
    ['RIFF\0\0\0\0WAVEfmt ', 'media'],
    [ftyp('avif', 'avif', 'mif1'), 'image'],
    [ftyp('mif1', 'avif'), 'image'],
    [ftyp('heic', 'mif1', 'heic'), 'refused'],
    [ftyp('isom', 'iso2', 'avc1'), 'media'],
    ['<?xml version="1.0"?>\n<svg xmlns="', 'refused'],
    ['  <svg onload="alert(1)">', 'refused'],
    ['BM6', 'refused'],
    ['%PDF-1.7', 'refused'],
    ['#EXTM3U\n', 'refused'],
    ['\x1aE\xdf\xa3', 'media'],
    ['', 'media'],
  ])('%j: %s', (head, kind) => {
    const content = contentOf(Buffer.from(head, 'latin1'));
    expect(content.kind).toBe(kind);
    if (content.kind === 'refused') expect(content.reason).toMatch(/^It is .*\.$/);
  });

  test('no bytes are too strange', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(['image', 'media', 'refused']).toContain(contentOf(Buffer.from(bytes)).kind);
      }),
    );
  });
});

describe('what would cost too much is refused before it is decoded', () => {
  const info = (part: Partial<MediaInfo>): MediaInfo => ({
    ...{ container: 'mov', duration: 10, title: undefined, bytes: 1, video, audio: undefined },
    ...{ videoIndex: 0, soundTracks: [], subtitles: [], covers: [], chapters: [], streamCount: 1 },
    ...part,
  });
  test.each([
    ['an ordinary film', {}, undefined],
    ['a long one', { duration: 4 * 3600 }, undefined],
    ['one of a week', { duration: 7 * 86_400 }, /168 hours/],
    ['very many streams', { streamCount: 500 }, /500 streams/],
    ['30,000 x 30,000', { video: { ...video, width: 30_000, height: 30_000 } }, /30000x30000/],
    ['a pixel high', { video: { ...video, displayWidth: 100_000 } }, /more than 8192/],
    [
      'a rate that nobody sees',
      { video: { ...video, framesPerSecond: { num: 90_000, den: 1 } } },
      /90000 pictures/,
    ],
    ['8K for a day', { duration: 86_400, video: { ...video, width: 7680, height: 4320 } }, /days/],
  ])('%s', (_name, part, expected) => {
    const reason = reasonAgainst(info(part));
    if (expected === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(expected);
  });

  test('a length that is a lie makes no film of years', () => {
    expect(outputSeconds(10, 1_000_000)).toBe(2000);
    expect(outputSeconds(3600, 1_000_000)).toBe(7260);
    expect(outputSeconds(undefined, 10)).toBe(60);
    expect(outputSeconds(1e9, 1e12)).toBe(86_400);
    expect(timeLimitMs(10)).toBe(900_000);
    expect(timeLimitMs(1e9)).toBe(86_400_000);
  });
});

describe('what is done to a picture', () => {
  test.each([
    ['plain', {}, ALL, [undefined, false, 'auto', 0]],
    ['no colours told, large', { colorSpace: undefined }, ALL, [undefined, false, 'bt709', 0]],
    ['small', { colorSpace: undefined, height: 480 }, ALL, [undefined, false, 'bt601', 0]],
    ['interlaced', { interlaced: true }, ALL, ['bwdif', false, 'auto', 1]],
    [
      'without bwdif',
      { interlaced: true },
      new Set<string>(['yadif']),
      ['yadif', false, 'auto', 1],
    ],
    ['PQ', { colorTransfer: 'smpte2084' }, ALL, [undefined, true, 'auto', 1]],
    ['HLG', { colorTransfer: 'arib-std-b67' }, ALL, [undefined, true, 'auto', 1]],
    [
      'without zscale',
      { colorTransfer: 'smpte2084' },
      new Set<string>(),
      [undefined, false, 'auto', 1],
    ],
  ])('%s', (_name, part, filters, expected) => {
    const { deinterlace, toneMap, colorMatrix, notes } = treatPicture(
      { ...video, ...part },
      filters,
    );
    const done = [deinterlace?.split('=')[0], toneMap !== undefined, colorMatrix, notes.length];
    expect(done).toEqual(expected);
  });
});

describe('the poster', () => {
  const size = { width: 32, height: 18 };
  const picture = (level: (x: number, y: number) => number) => ({
    ...size,
    rgb: Uint8Array.from({ length: 32 * 18 * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      return level(pixel % 32, Math.floor(pixel / 32));
    }),
  });
  const black = pictureScore(picture(() => 8));
  const grey = pictureScore(picture(() => 120));
  const white = pictureScore(picture(() => 255));
  const busy = pictureScore(picture((x, y) => (x * 37 + y * 91) % 256));

  test('something to see counts more than a plain colour, and that more than darkness', () => {
    expect(busy).toBeGreaterThan(grey);
    expect(grey).toBeGreaterThan(black);
    expect(grey).toBeGreaterThan(white);
  });

  test.each([
    [[], 0],
    [[1], 0],
    [[busy, busy, busy, busy], 1],
    [[black, black, grey, busy], 3],
    [[busy, black, black, black], 0],
    [[0, 0, 0], 0],
  ])('of %j it is number %d', (scores, expected) => {
    expect(choosePoster(scores)).toBe(expected);
  });
});

test('tiles are as many as a bar has room for, in the shape of the film', () => {
  const wide = { displayWidth: 1920, displayHeight: 1080 };
  expect(planTiles(wide, 60)).toMatchObject({ intervalMs: 500, width: 160, height: 90 });
  expect(planTiles(wide, 7200)).toMatchObject({ intervalMs: 36_000 });
  const tall = { displayWidth: 606, displayHeight: 1080 };
  expect(planTiles(tall, undefined)).toMatchObject({ intervalMs: 10_000, width: 90, height: 160 });
});

test('the preview strip names a place for each time', () => {
  const sheets = ['preview-0.jpg', 'preview-1.jpg'];
  const vtt = previewVtt({ sheets, width: 160, height: 90, interval: 0.5, count: 105 });
  expect(vtt.split('\n').slice(0, 4)).toEqual([
    'WEBVTT',
    '',
    '00:00:00.000 --> 00:00:00.500',
    'preview-0.jpg#xywh=0,0,160,90',
  ]);
  expect(vtt).toContain('00:00:05.500 --> 00:00:06.000\npreview-0.jpg#xywh=160,90,160,90');
  expect(vtt).toContain('00:00:52.000 --> 00:00:52.500\npreview-1.jpg#xywh=640,0,160,90');
});

describe('WebVTT', () => {
  test.each([
    [0, '00:00:00.000'],
    [3599.9996, '01:00:00.000'],
    [360_061.5, '100:01:01.500'],
  ])('%d s is %s', (seconds, text) => expect(vttTime(seconds)).toBe(text));

  test('chapters have names, and no cue is broken by one', () => {
    const chapters = [
      { start: 0, end: 5, title: 'A --> <b>\n\nB & C' },
      { start: 5, end: 5, title: 'empty' },
      { start: 5, end: 9, title: undefined },
    ];
    expect(chaptersVtt(chapters)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:05.000\nA --&gt; &lt;b&gt; B &amp; C\n\n' +
        '00:00:05.000 --> 00:00:09.000\nChapter 2\n',
    );
  });

  test('the words of captions are found without their marks', () => {
    const vtt =
      'WEBVTT\n\nNOTE nothing\n\n1\n00:00.000 --> 00:01.000 line:0\n<v Ann>Rock &amp; <i>roll</i>\nagain\n\n' +
      '00:01.000 --> 00:02.000\nEnd\n';
    expect(wordsOfVtt(vtt)).toBe('Rock & roll\nagain\nEnd\n');
  });

  test.each([
    ['eng', 'en'],
    ['de', 'de'],
    ['pt-br', 'pt-BR'],
    ['!!', undefined],
    [undefined, undefined],
  ])('%s is %s', (language, tag) => expect(languageTag(language)).toBe(tag));
});

describe('the waveform', () => {
  test('has a point for each part, however the sound comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 2000 }),
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 50 }),
        (samples, cuts) => {
          const bytes = Buffer.alloc(samples.length * 2);
          for (const [index, sample] of samples.entries()) bytes.writeInt16LE(sample, index * 2);
          const reader = createWaveformReader();
          for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
            const length = cuts[piece % cuts.length] ?? 1;
            reader.write(bytes.subarray(at, at + length));
            at += length;
          }
          const { duration, peaks } = reader.end();
          expect(duration).toBeCloseTo(samples.length / WAVEFORM_RATE);
          expect(peaks).toHaveLength(Math.ceil(samples.length / 160));
          const loudest = Math.max(0, ...samples.map(Math.abs));
          expect(Math.max(0, ...peaks)).toBe(
            Math.round((Math.min(32_767, loudest) / 32_767) * 100),
          );
        },
      ),
    );
  });

  test('is no longer than a player is wide', () => {
    const reader = createWaveformReader();
    const second = Buffer.alloc(WAVEFORM_RATE * 2);
    for (let at = 0; at < 300; at += 1) reader.write(second);
    expect(reader.end().peaks).toHaveLength(1800);
  });
});

test.each([
  ['lavfi.r128.I=-30.1\nlavfi.r128.I=-21.76\nlavfi.r128.true_peaks_ch0=0.500\n', -21.76, -6],
  ['lavfi.r128.I=-70.000\nlavfi.r128.true_peaks_ch0=0.000\n', undefined, undefined],
  ['', undefined, undefined],
])('loudness is what the measure ends with: %j', (text, integrated, truePeak) => {
  expect(parseLoudness(text)).toEqual(
    integrated === undefined ? undefined : { integrated, truePeak },
  );
});

test.each([
  [100, [100]],
  [320, [320]],
  [1000, [320, 640, 1000]],
  [6000, [320, 640, 1280, 1920, 2560]],
])('an image %d wide comes in widths %j', (width, widths) => {
  expect(widthsFor(width)).toEqual(widths);
});
