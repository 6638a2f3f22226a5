import { describe, expect, test } from '@jest/globals';
import { type CaptureTiming, captureTimingOf, isNews } from './capture-timing.ts';

const T0 = 1_700_000_000_000;
const moments = [{ epochMs: T0, rtpTimestamp: 5 }];
/** A clock that is right by its reports, or that nobody knows. */
const right = { offsetMs: (claimedMs?: number) => claimedMs ?? 0, moments };
const unknown = { offsetMs: (claimedMs?: number) => claimedMs, moments };
const captureReferences = [{ captureMs: T0, rtpTimestamp: 5 }];

describe('captureTimingOf', () => {
  test('nobody knows the clock: nothing is said', () => {
    const timing = captureTimingOf(unknown, undefined, false);
    expect(timing).toEqual({ clockOffsetMs: undefined });
  });

  test('by its reports', () => {
    const { clockOffsetMs, ...rest } = captureTimingOf(right, undefined, false);
    expect(rest).toEqual({ captureReferences });
    // What the wall clock was put right by since the process began.
    expect(Math.abs(clockOffsetMs ?? Number.NaN)).toBeLessThan(60_000);
  });

  test('what a page has found out itself goes first', () => {
    const timing = captureTimingOf(right, 70, false);
    expect(timing).toEqual({ clockOffsetMs: expect.closeTo(70), captureReferences });
  });

  test('pictures that say it themselves need no reports', () => {
    expect(captureTimingOf(right, 70, true)).toEqual({ clockOffsetMs: expect.closeTo(70) });
  });

  test('no report of the picture yet', () => {
    const timing = captureTimingOf({ ...right, moments: [] }, 70, false);
    expect(timing).toEqual({ clockOffsetMs: expect.closeTo(70) });
  });
});

describe('isNews', () => {
  const before = { clockOffsetMs: 0, captureReferences };
  const second = { captureMs: T0 + 50_000, rtpTimestamp: 4_000_000_000 };
  test.each<[string, CaptureTiming, boolean]>([
    ['the same', before, false],
    ['the next report', { ...before, captureReferences: [at(1_000, 90_005)] }, false],
    ['the next report, 5 ms off', { ...before, captureReferences: [at(1_005, 90_005)] }, false],
    ['the next report, 15 ms off', { ...before, captureReferences: [at(1_015, 90_005)] }, true],
    [
      'before the RTP clock’s wrap',
      { ...before, captureReferences: [at(-1, 2 ** 32 - 85)] },
      false,
    ],
    ['another stream', { ...before, captureReferences: [...captureReferences, second] }, true],
    ['no stream', { clockOffsetMs: 0 }, true],
    ['another offset', { ...before, clockOffsetMs: 20 }, true],
    ['a little of it', { ...before, clockOffsetMs: 5 }, false],
    ['none any more', { captureReferences }, true],
  ])('%s', (_name, now, expected) => {
    expect(isNews(before, now)).toBe(expected);
    expect(isNews(now, before)).toBe(expected);
  });
});

function at(afterMs: number, rtpTimestamp: number) {
  return { captureMs: T0 + afterMs, rtpTimestamp };
}
