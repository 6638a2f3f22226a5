import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { burstTimes } from './burst-times.ts';
import { rtpTimestamp } from './playout-clock.ts';

test('a millisecond apart where there is room', () => {
  const { preRoll, wanted } = burstTimes(3, 0, 1);
  expect(wanted).toBe(1);
  expect(preRoll.map((time) => Math.round(time * 1e6))).toEqual([997_000, 998_000, 999_000]);
});

test('before anything was sent there is room', () => {
  expect(burstTimes(2, Number.NEGATIVE_INFINITY, 0.005).preRoll[0]).toBeCloseTo(0.003, 9);
});

test('closer together where the last picture was a moment ago', () => {
  const { preRoll, wanted } = burstTimes(3, 10, 10.002);
  expect(wanted).toBe(10.002);
  expect(preRoll.map((time) => Math.round((time - 10) * 1e6))).toEqual([500, 1_000, 1_500]);
});

test('the wanted one comes later only where there is no room at all', () => {
  const { preRoll, wanted } = burstTimes(59, 10, 10.0001);
  expect(wanted).toBeCloseTo(10 + (60 * 2) / 90_000, 9);
  expect(preRoll[0]).toBeGreaterThan(10);
});

test('timestamps rise strictly, whatever was sent before', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 300 }),
      fc.double({ min: 0, max: 40_000, noNaN: true }),
      fc.double({ min: -1, max: 5, noNaN: true }),
      (count, after, lead) => {
        const { preRoll, wanted } = burstTimes(count, after, after + lead);
        const stamps = [after, ...preRoll, wanted].map((line) => rtpTimestamp(line, 90_000, 0));
        expect(preRoll).toHaveLength(count);
        for (const [index, stamp] of stamps.slice(1).entries())
          expect(stamp).toBeGreaterThan(stamps[index] ?? Number.NaN);
      },
    ),
  );
});
