import { describe, expect, test } from '@jest/globals';
import { SourceClock } from './source-clock.ts';

describe("a source's clock", () => {
  test('is not known before the first report', () => {
    const clock = new SourceClock(90_000);
    expect(clock.at(0)).toBeUndefined();
    expect(clock.epochOf(0)).toBeUndefined();
  });

  test('goes on after a report, over the end of the RTP clock too', () => {
    const clock = new SourceClock(90_000);
    clock.take({ epochMs: 1_000, rtpTimestamp: 2 ** 32 - 90 }, 50);
    expect(clock.at(52)).toEqual({ epochMs: 1_002, rtpTimestamp: 90 });
    expect(clock.epochOf(90)).toBe(1_002);
  });

  test('a report that was late on its way does not put it back', () => {
    const clock = new SourceClock(90_000);
    clock.take({ epochMs: 1_000, rtpTimestamp: 0 }, 0);
    clock.take({ epochMs: 2_000, rtpTimestamp: 90_000 }, 1_040);
    expect(clock.at(1_040)).toEqual({ epochMs: 2_040, rtpTimestamp: 93_600 });
  });
});
