import { describe, expect, test } from '@jest/globals';
import { Link } from './link.ts';

/** Sends packets numbered from 0 and says when each came out, milliseconds; undefined where it did not. */
function arrivals(link: Link<number>, sent: readonly { atMs: number; bytes: number }[]) {
  const cameOut = new Map<number, number>();
  const collect = (untilMs: number) => {
    for (let due = link.nextDueMs(); due <= untilMs; due = link.nextDueMs()) {
      for (const packet of link.take(due)) cameOut.set(packet, due);
    }
  };
  for (const [packet, { atMs, bytes }] of sent.entries()) {
    collect(atMs);
    link.send(packet, bytes, atMs);
  }
  collect(60_000);
  return sent.map((_, packet) => cameOut.get(packet));
}

const burstOf = (count: number, bytes: number, atMs = 0) =>
  Array.from({ length: count }, () => ({ atMs, bytes }));

/** Numbers in a fixed order instead of chance. */
const sequence = (...values: number[]) => {
  let index = 0;
  return () => values[index++ % values.length] ?? 0;
};

describe('a link', () => {
  test('without a shape lets everything through at once', () => {
    expect(arrivals(new Link(), burstOf(3, 1200, 5))).toEqual([5, 5, 5]);
  });

  test('with a rate lets a burst through, then a packet each time that its bits have passed', () => {
    const link = new Link<number>({ rate: 80_000, burst: 1000, queue: { ms: 1000 } });
    // 80 kbit/s are 10 bytes a millisecond.
    expect(arrivals(link, burstOf(4, 1000))).toEqual([0, 100, 200, 300]);
  });

  test('gathers tokens in a silence, up to the burst', () => {
    const link = new Link<number>({ rate: 80_000, burst: 1000 });
    const sent = [...burstOf(1, 1000), ...burstOf(2, 1000, 5000)];
    expect(arrivals(link, sent)).toEqual([0, 5000, 5100]);
  });

  test('lets a packet larger than the bucket pass, and takes its whole time', () => {
    const link = new Link<number>({ rate: 80_000, burst: 500 });
    expect(arrivals(link, burstOf(2, 1000))).toEqual([0, 100]);
  });

  test('drops at the tail of a full queue, in time or in bytes', () => {
    const inTime = new Link<number>({ rate: 80_000, burst: 1000, queue: { ms: 200 } });
    expect(arrivals(inTime, burstOf(5, 1000))).toEqual([0, 100, 200, undefined, undefined]);
    const inBytes = new Link<number>({ rate: 80_000, burst: 1000, queue: { bytes: 1000 } });
    expect(arrivals(inBytes, burstOf(3, 1000))).toEqual([0, 100, undefined]);
    expect(inBytes.counters).toMatchObject({ packets: 3, delivered: 2, queueDrops: 1 });
  });

  test('delays, and keeps the order however the jitter falls', () => {
    const link = new Link<number>({ delay: 40, jitter: 10 }, sequence(0.9, 0.1));
    expect(arrivals(link, burstOf(2, 100))).toEqual([49, 49]);
  });

  test('loses the share that it is told', () => {
    const link = new Link<number>({ loss: 0.5 }, sequence(0.4, 0.6));
    expect(arrivals(link, burstOf(4, 100))).toEqual([undefined, 0, undefined, 0]);
    expect(link.counters).toMatchObject({ losses: 2, delivered: 2 });
  });

  test('holds packets back so that others overtake them', () => {
    const link = new Link<number>({ reorder: 0.5, reorderDelay: 30 }, sequence(0.4, 0.6));
    expect(arrivals(link, burstOf(2, 100))).toEqual([30, 0]);
  });

  test('changes its rate with packets in the queue', () => {
    const link = new Link<number>({ rate: 80_000, burst: 1000, queue: { ms: 1000 } });
    for (let packet = 0; packet < 3; packet += 1) link.send(packet, 1000, 0);
    // Half of the second packet's time has passed; the other half takes ten times as long.
    link.setShape({ rate: 8_000, burst: 1000, queue: { ms: 1000 } }, 50);
    expect(link.nextDueMs()).toBe(0);
    link.take(50);
    expect(link.nextDueMs()).toBe(550);
    link.setShape({}, 100);
    expect(link.take(100)).toEqual([1, 2]);
  });
});
