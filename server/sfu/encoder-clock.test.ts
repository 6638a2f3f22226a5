import { describe, expect, test } from '@jest/globals';
import { boundedOffsetMs, EncoderClock, encoderClockOffsetMs } from './encoder-clock.ts';

describe('encoderClockOffsetMs', () => {
  test.each<[string, number, number | undefined, number | undefined]>([
    ['a right clock, no way', 0, undefined, 0],
    ['a right clock, a long way', 300, undefined, 0],
    ['as long as a way can be', 1_500, undefined, 0],
    ['longer than that: a slow clock', 1_501, undefined, undefined],
    ['ahead by what NTP is wrong by: no report comes before it is sent', -30, undefined, -30],
    ['the most of that', -50, undefined, -50],
    ['ahead by more', -51, undefined, undefined],
    ['hours ahead', -7_200_000, undefined, undefined],
    ['counted from 1900, that is, from its start', 4e12, undefined, undefined],
    ['a way known: it could be right', 15, 20, 0],
    ['at once there, and the whole time back', 0, 20, 0],
    ['all of the time there', 20, 20, 0],
    ['slow by more than the way: in the middle of what can be', 400, 20, 390],
    ['ahead by more than the way', -1_000, 20, -1_010],
    ['counted from its start, and the way known', 4e12, 20, 4e12 - 10],
  ])('%s', (_name, leastDelayMs, roundTripMs, expected) => {
    expect(encoderClockOffsetMs(leastDelayMs, roundTripMs)).toBe(expected);
  });
});

describe('boundedOffsetMs', () => {
  test.each<[string, number, number, number | undefined, number]>([
    ['borne out', 395, 400, 20, 395],
    ['more than the quickest report took', 440, 400, 20, 400],
    ['less than a way can be long', 340, 400, 20, 380],
    ['the round trip is not known', 340, 400, undefined, 340],
    ['nor can it be more then', 440, 400, undefined, 400],
  ])('%s', (_name, claimedMs, leastDelayMs, roundTripMs, expected) => {
    expect(boundedOffsetMs(claimedMs, leastDelayMs, roundTripMs)).toBe(expected);
  });
});

const T0 = 1_700_000_000_000;

describe('EncoderClock', () => {
  /** A report of every second, late by what is said, of a clock so far behind ours. */
  function listen(lateMs: (second: number) => number, behindMs: number, seconds = 30) {
    const clock = new EncoderClock();
    for (let second = 0; second < seconds; second += 1) {
      const sentMs = T0 + second * 1_000;
      const report = { ssrc: 7, epochMs: sentMs - behindMs, rtpTimestamp: second * 90_000 };
      clock.takeReport({ ...report, kind: 'video' }, sentMs + lateMs(second));
    }
    return clock;
  }

  test('nothing before there are a few reports', () => {
    expect(listen(() => 0, 0, 2).offsetMs()).toBeUndefined();
    expect(listen(() => 0, 0, 3).offsetMs()).toBe(0);
    expect(new EncoderClock().offsetMs()).toBeUndefined();
    expect(new EncoderClock().moments).toEqual([]);
  });

  test('what the sender itself says counts as soon as it says it, and within what its reports bear out', () => {
    expect(new EncoderClock().offsetMs(-4_000)).toBe(-4_000);
    const clock = listen(() => 5, -4_000);
    clock.takeRoundTrip(10, T0 + 30_000);
    expect(clock.offsetMs(-4_002)).toBe(-4_002);
    expect(clock.offsetMs(-3_950)).toBe(-3_995);
  });

  test('a busy network is no wrong clock: the quickest report counts', () => {
    expect(listen((second) => (second % 5) * 700, 0).offsetMs()).toBe(0);
    const wrong = listen((second) => (second % 5) * 700, 10_000);
    expect(wrong.offsetMs()).toBeUndefined();
    for (const roundTripMs of [300, 40, 90]) wrong.takeRoundTrip(roundTripMs, T0 + 30_000);
    expect(wrong.offsetMs()).toBe(10_000 - 20);
  });

  test('what was so a minute ago is forgotten: clocks are put right', () => {
    const clock = listen(() => 5, -3_000, 10);
    expect(clock.offsetMs()).toBeUndefined();
    for (const epochMs of [T0 + 100_000, T0 + 101_000, T0 + 102_000]) {
      clock.takeReport({ ssrc: 7, kind: 'video', epochMs, rtpTimestamp: 0 }, epochMs + 5);
    }
    expect(clock.offsetMs()).toBe(0);
  });

  test('sound tells the clock, but not the moments of the picture', () => {
    const clock = new EncoderClock();
    for (const epochMs of [T0, T0 + 5_000, T0 + 10_000]) {
      clock.takeReport({ ssrc: 1, kind: 'audio', epochMs, rtpTimestamp: 5 }, epochMs + 3);
    }
    expect(clock.offsetMs()).toBe(0);
    expect(clock.moments).toEqual([]);
  });

  test('of each stream the moment by which its pictures are oldest, over the wrap of the RTP clock', () => {
    const clock = new EncoderClock();
    const at = (epochMs: number, rtpTimestamp: number) =>
      clock.takeReport({ ssrc: 1, kind: 'video', epochMs, rtpTimestamp }, epochMs);
    at(T0 + 30, 2 ** 32 - 90);
    at(T0 + 1_000, 89_910);
    at(T0 + 2_020, 179_910);
    expect(clock.moments).toEqual([{ epochMs: T0 + 1_000, rtpTimestamp: 89_910 }]);
  });

  test('streams of the past are forgotten', () => {
    const clock = new EncoderClock();
    for (let ssrc = 1; ssrc <= 20; ssrc += 1) {
      clock.takeReport({ ssrc, kind: 'video', epochMs: T0, rtpTimestamp: ssrc }, T0);
    }
    expect(clock.moments.map(({ rtpTimestamp }) => rtpTimestamp)).toEqual([
      13, 14, 15, 16, 17, 18, 19, 20,
    ]);
  });
});
