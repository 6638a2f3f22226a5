import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  averageBitrate,
  type Fragment,
  peakBitrate,
  type Segment,
  segmentSeconds,
  segmentsOf,
  targetDuration,
} from './segments.ts';

/** Fragments that lie side by side. */
function file(durations: readonly number[], bytes: readonly number[] = []): Fragment[] {
  let time = 0;
  let offset = 700;
  return durations.map((duration, index) => {
    const fragment = { time, offset, bytes: bytes[index] ?? 100 };
    time += duration;
    offset += fragment.bytes;
    return fragment;
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const segment = (duration: number, bytes: number): Segment => ({ offset: 0, duration, bytes });

describe('segments', () => {
  test.each([
    [undefined, 5],
    [1, 5],
    [0.96, 4.8],
    [1.2, 4.8],
    [2, 6],
    [8, 8],
  ])('of key frames every %p seconds: %p seconds long', (distance, seconds) => {
    expect(segmentSeconds(distance)).toBeCloseTo(seconds);
  });

  test('are whole fragments, from the first that begins in each span', () => {
    const fragments = file([1, 1, 1, 1, 1, 1, 1]);
    expect(segmentsOf(fragments, 6.5, 3)).toEqual([
      { offset: 700, bytes: 300, duration: 3 },
      { offset: 1000, bytes: 300, duration: 3 },
      { offset: 1300, bytes: 100, duration: 0.5 },
    ]);
  });

  test('times that a clock has rounded down are meant', () => {
    const fragments = file([1.0009, 0.9989, 1, 1]).map((one) => ({
      ...one,
      time: one.time - 0.0005,
    }));
    expect(segmentsOf(fragments, 4, 2)).toHaveLength(2);
  });

  test('cover the file without gap and overlap, and last as long as it', () => {
    const durations = fc.array(fc.double({ min: 0.02, max: 3, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(durations, fc.double({ min: 0.5, max: 8, noNaN: true }), (all, seconds) => {
        const fragments = file(all);
        const segments = segmentsOf(fragments, sum(all), seconds);
        let end = 700;
        for (const { offset, bytes, duration } of segments) {
          expect(offset).toBe(end);
          end += bytes;
          expect(duration).toBeLessThan(seconds + 3.01);
        }
        expect(end).toBe(700 + 100 * all.length);
        expect(sum(segments.map(({ duration }) => duration))).toBeCloseTo(sum(all), 6);
      }),
    );
  });

  test('the same spans begin at the same times, however dense the key frames are', () => {
    const times = (fragments: Fragment[]) => {
      let time = 0;
      return segmentsOf(fragments, 24, 4.8).map(({ duration }) => (time += duration).toFixed(3));
    };
    const dense = file(Array.from({ length: 150 }, () => 0.16));
    const sparse = file(Array.from({ length: 25 }, () => 0.96));
    expect(times(dense)).toEqual(times(sparse));
  });
});

describe('bit rates', () => {
  test.each([
    ['the largest counts', [segment(5, 1000), segment(5, 5000), segment(5, 1000)], 8000],
    ['what is too short counts with its neighbour', [segment(5, 1000), segment(1, 5000)], 8000],
    ['a file that is too short counts as a whole', [segment(0.3, 300)], 8000],
    ['several in a row', [segment(1, 100), segment(1, 200), segment(1, 100)], 1600],
  ])('%s', (_words, segments, peak) => {
    expect(peakBitrate(segments)).toBe(peak);
  });

  test('the peak is never below the average by more than what the edges hide, and of nothing is 0', () => {
    expect([peakBitrate([]), averageBitrate([])]).toEqual([0, 0]);
    const even = fc.array(fc.nat(100_000), { minLength: 1 });
    fc.assert(
      fc.property(even, (bytes) => {
        const segments = bytes.map((count) => segment(5, count));
        expect(peakBitrate(segments)).toBeGreaterThanOrEqual(averageBitrate(segments));
      }),
    );
  });

  test.each([
    [[4.4, 4.5], 5],
    [[5.2], 5],
    [[0.1], 1],
    [[], 1],
  ])('the target duration of %j is %i', (durations, expected) => {
    expect(targetDuration(durations.map((duration) => ({ duration })))).toBe(expected);
  });
});
