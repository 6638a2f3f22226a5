import { describe, expect, test } from '@jest/globals';
import { planOrder } from './session-order.ts';
import { fakeStoredTrack, numberOf } from './stored-track-for-tests.ts';

const PLENTY = 1e9;

/** What an order finds in one file: the wanted picture, and the first that has to be sent for it. */
async function find(file: Parameters<typeof fakeStoredTrack>[0], at: number, frames?: number) {
  const order = { at, frames, rendition: 0, burstBytes: PLENTY };
  const plan = await planOrder([fakeStoredTrack(file)], order);
  const sent = [...plan.preRoll, plan.wanted].map(numberOf);
  const wanted = numberOf(plan.wanted);
  expect(sent).toEqual(sent.map((_, index) => wanted - sent.length + 1 + index));
  return { wanted, from: sent[0], isLast: plan.isLast, position: plan.position };
}

/** Three seconds and a bit; key frames at 0, 45 and 90, one of them in the middle of a chunk. */
const CLIP = { frames: 100, keyEvery: 45 };
const NTSC = { frames: 100, rate: 30_000 / 1001, keyEvery: 45 };

describe('the picture that is shown at a time', () => {
  test.each([
    ['the first', CLIP, 0, 0, 0],
    ['within it', CLIP, 0.02, 0, 0],
    ['a hair before the second: a clock of other ticks said it', CLIP, 1 / 30 - 0.0009, 1, 0],
    ['clearly before it', CLIP, 1 / 30 - 0.0011, 0, 0],
    ['the last one of a chunk', CLIP, 29 / 30, 29, 0],
    ['the first one of a chunk', CLIP, 1, 30, 0],
    ['a key frame', CLIP, 1.5, 45, 45],
    ['the one before a key frame', CLIP, 1.49, 44, 0],
    ['the one after it', CLIP, 46 / 30, 46, 45],
    ['over the border of chunks back to the key frame', CLIP, 2.5, 75, 45],
    ['the last one', CLIP, 99 / 30, 99, 90],
    ['after the end', CLIP, 1_000, 99, 90],
    ['29.97 a second', NTSC, (50 * 1001) / 30_000, 50, 45],
    ['29.97 a second, between two', NTSC, (50.9 * 1001) / 30_000, 50, 45],
    ['a file whose picture begins late', { ...CLIP, first: 0.25 }, 1, 30, 0],
    ['a file whose picture begins in its second chunk', { ...CLIP, first: 1.25 }, 0, 0, 0],
    ['one picture in three seconds', { frames: 4, rate: 1 / 3 }, 7.5, 2, 2],
    ['a second without a picture', { frames: 4, rate: 1 / 3, keyEvery: 4 }, 5.5, 1, 0],
    ['one picture only', { frames: 1 }, 5, 0, 0],
  ])('%s', async (_, file, at, wanted, from) => {
    expect(await find(file, at)).toMatchObject({ wanted, from });
  });

  test('its own time is told, from the first picture on', async () => {
    expect((await find({ ...CLIP, first: 0.25 }, 1.01)).position).toBeCloseTo(1, 9);
    expect((await find(NTSC, 1)).position).toBeCloseTo((29 * 1001) / 30_000, 9);
  });
});

describe('steps', () => {
  test.each([
    ['one on', 0, 1, 1, 0],
    ['one back', 1 / 30, -1, 0, 0],
    ['back over the border of a chunk', 1, -1, 29, 0],
    ['on over the border of a chunk', 29 / 30, 1, 30, 0],
    ['back over a key frame', 1.5, -1, 44, 0],
    ['on to a key frame', 44 / 30, 1, 45, 45],
    ['over two chunks', 0.5, 60, 75, 45],
    ['over two chunks back', 2.5, -60, 15, 0],
    ['not before the first', 1 / 30, -5, 0, 0],
    ['not beyond the last', 98 / 30, 1_000, 99, 90],
    ['none', 1, 0, 30, 0],
  ])('%s', async (_, at, frames, wanted, from) => {
    expect(await find(CLIP, at, frames)).toMatchObject({ wanted, from });
  });

  test('thirty single ones are one of thirty', async () => {
    let at = 0.7;
    for (let step = 0; step < 30; step += 1) at = (await find(NTSC, at, 1)).position;
    expect(at).toBeCloseTo((await find(NTSC, 0.7, 30)).position, 9);
  });
});

test.each([
  ['the last picture', 99 / 30, true],
  ['the one before it', 98 / 30, false],
  ['the last one of a chunk', 29 / 30, false],
])('is there anything after %s', async (_, at, isLast) => {
  expect(await find(CLIP, at)).toMatchObject({ isLast });
});

test('the end of a file that ends with its chunk', async () => {
  expect(await find({ frames: 60 }, 59 / 30)).toMatchObject({ wanted: 59, isLast: true });
  expect(await find({ frames: 60 }, 90)).toMatchObject({ wanted: 59, isLast: true });
});

describe('the Rendition', () => {
  /** As they are made: the lowest has six times as many key frames. Bytes of a picture: 10, 40, 100. */
  const rungs = () => [
    fakeStoredTrack({ frames: 90, keyEvery: 5, bytes: 10 }),
    fakeStoredTrack({ frames: 90, keyEvery: 30, bytes: 40 }),
    fakeStoredTrack({ frames: 90, keyEvery: 30, bytes: 100 }),
  ];

  test.each([
    ['as asked for, where the link carries its way', 2, 14, 2_300, 2, 0],
    ['the next one, where it is a byte too long', 2, 14, 2_299, 1, 0],
    ['and the one below that', 2, 14, 919, 0, 10],
    ['the lowest however little the link carries', 2, 14, 0, 0, 10],
    ['on a key frame there is no way', 2, 30, 0, 2, 30],
    ['never one above it', 1, 14, PLENTY, 1, 0],
    ['one that there is', 9, 30, 0, 2, 30],
    ['and none below the lowest', -1, 30, 0, 0, 30],
  ])('%s', async (_, rendition, frame, burstBytes, expected, from) => {
    const plan = await planOrder(rungs(), { at: frame / 30, rendition, burstBytes });
    expect(plan.rendition).toBe(expected);
    expect(numberOf(plan.wanted)).toBe(frame);
    expect(numberOf(plan.preRoll[0] ?? plan.wanted)).toBe(from);
  });

  test.each([
    ['as asked for, where its way is quickly decoded', 14, 1_400, 2],
    ['the next one, where it is a pixel too much', 14, 1_399, 1],
    ['and the one below that', 14, 559, 0],
    ['the lowest however little it may be', 14, 0, 0],
    ['on a key frame there is nothing to decode before it', 30, 0, 2],
  ])('%s', async (_, frame, burstPixels, expected) => {
    const tracks = [10, 40, 100].map((pixels, rung) =>
      fakeStoredTrack({ frames: 90, keyEvery: rung === 0 ? 5 : 30, pixels }),
    );
    const order = { at: frame / 30, rendition: 2, burstBytes: PLENTY, burstPixels };
    const plan = await planOrder(tracks, order);
    expect([plan.rendition, numberOf(plan.wanted)]).toEqual([expected, frame]);
  });

  test('steps are made once', async () => {
    const order = { at: 0.5, frames: 3, rendition: 2, burstBytes: 0 };
    const plan = await planOrder(rungs(), order);
    expect(plan.rendition).toBe(0);
    expect(numberOf(plan.wanted)).toBe(18);
  });
});

test('an empty file is said to be one', async () => {
  const empty = [fakeStoredTrack({ frames: 0 })];
  await expect(planOrder(empty, { at: 0, rendition: 0, burstBytes: 0 })).rejects.toThrow(
    'no pictures',
  );
});
