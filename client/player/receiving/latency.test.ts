import { describe, expect, test } from '@jest/globals';
import { captureClockAheadMs, captureTimeMs, latencyMs, reportedLatencyMs } from './latency.ts';

describe('captureTimeMs', () => {
  const reference = { rtpTimestamp: 4_294_967_290, captureMs: 1_000 };
  test.each([
    ['the same', 4_294_967_290, 1_000],
    ['100 ms later, over the wrap', 8_994, 1_100],
    ['100 ms earlier', 4_294_958_290, 900],
  ])('%s', (_name, rtpTimestamp, expected) => {
    expect(captureTimeMs(reference, rtpTimestamp)).toBe(expected);
  });
});

describe('latencyMs', () => {
  test.each([
    ['shown less captured, on one clock', -300, 500, 200],
    ['no capture time', null, 500, null],
    ['no offset', -300, null, null],
    ['a little before now is now', -520, 500, 0],
    ['a wrong clock is no latency', -98_990_000, 500, null],
    ['nor a sender an hour behind', 3_600_000, 500, null],
  ])('%s', (_name, ageMs, offsetMs, expected) => {
    expect(latencyMs(ageMs, offsetMs)).toBe(expected);
  });
});

describe('captureClockAheadMs', () => {
  const since = '2026-01-02T03:04:05.678Z';
  test.each([
    ['a file: the server’s clock', { kind: 'playout', since }, 500],
    ['a page that knows its clock', { kind: 'webcam', since, clockOffsetMs: 200 }, 300],
    ['a page that does not yet', { kind: 'webcam', since }, null],
    ['an encoder whose clock nobody knows', { kind: 'whip', since }, null],
    ['an encoder with a right clock', { kind: 'whip', since, clockOffsetMs: 0 }, 500],
    ['nobody', undefined, null],
  ] as const)('%s', (_name, publisher, expected) => {
    expect(captureClockAheadMs(500, publisher)).toBe(expected);
  });

  test('nothing is known before the server’s clock is', () => {
    expect(captureClockAheadMs(null, { kind: 'playout', since })).toBeNull();
  });
});

describe('reportedLatencyMs', () => {
  const low = { rtpTimestamp: 1_000, captureMs: 50_000 };
  const high = { rtpTimestamp: 3_000_000_000, captureMs: 50_000 };
  /** Of the lower stream, captured at 51 000, and shown 200 ms later by the same clock. */
  const shown = { atMs: 51_200, rtpTimestamp: 91_000 };
  test.each([
    ['of the stream that it is from', [low, high], shown, 0, 200],
    ['in any order', [high, low], shown, 0, 200],
    ['the sender’s clock is ahead', [low], shown, 30, 230],
    ['of no stream that is known', [high], shown, 0, null],
    ['no reports', [], shown, 0, null],
    ['nobody knows the clock', [low], shown, null, null],
  ])('%s', (_name, references, picture, aheadMs, expected) => {
    expect(reportedLatencyMs(references, picture, aheadMs)).toBe(expected);
  });
});
