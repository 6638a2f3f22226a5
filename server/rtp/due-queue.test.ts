import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DueQueue } from './due-queue.ts';

describe('who is due', () => {
  test('nobody, in an empty queue', () => {
    const queue = new DueQueue<string>();
    queue.delete('nobody');
    expect(queue.earliestMs).toBe(Number.POSITIVE_INFINITY);
    expect(queue.dueBy(1e9)).toEqual([]);
  });

  test('is as a plain list would say it, after whatever happened', () => {
    const item = fc.integer({ min: 0, max: 20 });
    const time = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(Number.POSITIVE_INFINITY));
    const change = fc.oneof(fc.tuple(item, time), fc.tuple(item, fc.constant(undefined)));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const queue = new DueQueue<number>();
        const list = new Map<number, number>();
        for (const [who, dueMs] of changes) {
          if (dueMs === undefined) queue.delete(who);
          else queue.set(who, dueMs);
          if (dueMs === undefined) list.delete(who);
          else list.set(who, dueMs);
          expect(queue.earliestMs).toBe(Math.min(Number.POSITIVE_INFINITY, ...list.values()));
          expect(queue.size).toBe(list.size);
        }
        const due = [...list].filter(([, dueMs]) => dueMs <= 25).map(([who]) => who);
        expect(queue.dueBy(25).toSorted((a, b) => a - b)).toEqual(due.toSorted((a, b) => a - b));
        for (const who of list.keys()) expect(queue.has(who)).toBe(true);
      }),
    );
  });
});

test('a thousand that are not due are not looked at', () => {
  const queue = new DueQueue<{ id: number }>();
  for (let id = 0; id < 1_000; id += 1) queue.set({ id }, 1_000 + id);
  const first = { id: -1 };
  queue.set(first, 5);
  expect(queue.dueBy(10)).toEqual([first]);
  queue.set(first, 5_000);
  expect(queue.earliestMs).toBe(1_000);
});
