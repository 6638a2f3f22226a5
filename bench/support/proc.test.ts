import { describe, expect, test } from '@jest/globals';
import { childrenOf, parseSchedstat, parseStat, readCpuTime } from './proc.ts';

const STAT =
  '4242 (a (b) c) R 7 29695 23243 0 -1 4194304 2842 6516 0 0 154 42 5 5 20 0 1 0 267570 16961536';

describe('what /proc says', () => {
  test('is read past a name with parentheses and blanks', () => {
    expect(parseStat(STAT)).toEqual({
      pid: 4242,
      name: 'a (b) c',
      parentPid: 7,
      userTicks: 154,
      systemTicks: 42,
    });
    expect(parseSchedstat('123456789 70450 1\n')).toBe(123_456_789);
  });

  test('of this process is at least what was just burnt', async () => {
    const before = await readCpuTime(process.pid);
    const endMs = performance.now() + 100;
    while (performance.now() < endMs) Math.sqrt(endMs);
    const after = await readCpuTime(process.pid);
    expect(after.total).toBeGreaterThan(before.total);
    expect(after.threads.size).toBeGreaterThan(1);
  });

  test('names children', async () => {
    expect(await childrenOf(2 ** 30)).toEqual([]);
  });
});
