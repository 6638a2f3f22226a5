import { describe, expect, test } from '@jest/globals';
import { DelayTrend, SILENCE_MS } from './delay-trend.ts';

/** Frames of 30 a second that come with these delays, milliseconds. @returns the indices that alarm */
function alarms(delays: readonly number[], firstTimestamp = 0): number[] {
  const trend = new DelayTrend();
  return delays.flatMap((delayMs, index) => {
    const rtpTimestamp = (firstTimestamp + index * 3000) >>> 0;
    const lateMs = trend.add({ receivedMs: (index * 1000) / 30 + delayMs, rtpTimestamp });
    return lateMs === null ? [] : [index];
  });
}

const steady = Array.from({ length: 30 }, (_, index) => 20 + (index % 3));

describe('DelayTrend', () => {
  test('notices a queue that fills, once', () => {
    expect(alarms([...steady, 70, 120, 170, 220, 220, 220])).toEqual([32]);
  });

  test('notices a link that is much too narrow by two frames', () => {
    expect(alarms([...steady, 80, 150])).toEqual([31]);
    expect(alarms([...steady, 60, 110])).toEqual([]);
  });

  test('tells how late it is, and again when it has become worse', () => {
    const trend = new DelayTrend();
    const told = [...steady, 70, 120, 170, 220, 270, 320].flatMap((delayMs, index) => {
      const receivedMs = (index * 1000) / 30 + delayMs;
      return trend.add({ receivedMs, rtpTimestamp: index * 3000 }) ?? [];
    });
    expect(told.map(Math.round)).toEqual([150, 250]);
  });

  test('notices it across the wrap of the RTP clock', () => {
    expect(alarms([...steady, 70, 120, 170], 2 ** 32 - 31 * 3000)).toEqual([32]);
  });

  test.each([
    ['a steady link', steady],
    ['a large frame that passes', [...steady, 140, 110, 70, 30, 20]],
    ['frames that come all at once, late', [...steady, 150, 117, 84, 51, 20]],
    ['a frame sent again', [...steady, 220, 21, 20, 22]],
    ['jitter of 60 ms', steady.map((_, index) => 100 + ((index * 37) % 60))],
    ['clocks that drift apart', Array.from({ length: 300 }, (_, index) => 20 + index * 0.05)],
    ['a step to a longer way', [...steady, 170, 170, 170, 170]],
  ])('is calm about %s', (_name, delays) => {
    expect(alarms(delays)).toEqual([]);
  });

  test('says it again when it goes on', () => {
    const growing = Array.from({ length: 100 }, (_, index) => 20 + index * 20);
    expect(alarms(growing).length).toBeGreaterThan(1);
  });

  test('notices that nothing comes any more after a late frame', () => {
    const silenceAfter = (delays: readonly number[], silentMs = SILENCE_MS) => {
      const trend = new DelayTrend();
      const arrivals = delays.map((delayMs, index) => (index * 1000) / 30 + delayMs);
      for (const [index, receivedMs] of arrivals.entries()) {
        trend.add({ receivedMs, rtpTimestamp: index * 3000 });
      }
      const late = trend.silence((arrivals.at(-1) ?? 0) + silentMs);
      return late === null ? null : Math.round(late);
    };
    expect(silenceAfter([...steady, 85])).toBe(142);
    expect(silenceAfter([...steady, 75])).toBe(null);
    expect(silenceAfter([...steady, 140, 110])).toBe(null);
    expect(silenceAfter([...steady, 140, 110], 330)).toBe(387);
    expect(silenceAfter(steady)).toBe(null);
    // The source may have stopped.
    expect(silenceAfter(steady, 330)).toBe(null);
    expect(silenceAfter([])).toBe(null);
  });

  test('begins anew after a reset', () => {
    const trend = new DelayTrend();
    trend.add({ receivedMs: 0, rtpTimestamp: 0 });
    trend.reset();
    expect(trend.add({ receivedMs: 5000, rtpTimestamp: 99 })).toBe(null);
  });
});
