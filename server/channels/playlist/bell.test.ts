import { describe, expect, test } from '@jest/globals';
import { Bell } from './bell.ts';

const FAR_MS = 60_000;

describe('a bell', () => {
  test('wakes the one who waits', async () => {
    const bell = new Bell();
    const startedMs = Date.now();
    const waiting = bell.wait(startedMs + FAR_MS);
    bell.ring();
    await waiting;
    expect(Date.now() - startedMs).toBeLessThan(FAR_MS);
  });

  test('that was rung while nobody waited wakes the next, once', async () => {
    const bell = new Bell();
    bell.ring();
    bell.ring();
    await bell.wait(Number.POSITIVE_INFINITY);
    const untilMs = Date.now() + 50;
    await bell.wait(untilMs);
    expect(Date.now()).toBeGreaterThanOrEqual(untilMs - 1);
  });

  test('does not keep anybody whose time has come', async () => {
    await new Bell().wait(Date.now() - 1);
    await new Bell().wait(Number.NEGATIVE_INFINITY);
  });
});
