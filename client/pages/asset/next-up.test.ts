import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { NextUp } from './next-up.ts';
import { anAsset } from './asset-for-tests.ts';

const next = anAsset({ title: 'The next one' });
const store = new Map<string, string>();

beforeEach(() => {
  jest.useFakeTimers();
  store.clear();
  Reflect.set(globalThis, 'localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
  });
});
afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(globalThis, 'localStorage');
});

function make() {
  const seen: (number | null | undefined)[] = [];
  const gone: string[] = [];
  const nextUp: NextUp = new NextUp({
    changed: () => seen.push(nextUp.state?.secondsLeft),
    go: ({ title }) => gone.push(title),
  });
  return { nextUp, seen, gone };
}

test('counts down, and goes on once', () => {
  const { nextUp, seen, gone } = make();
  nextUp.offer(next);
  jest.advanceTimersByTime(4_000);
  expect(gone).toEqual([]);
  jest.advanceTimersByTime(10_000);
  expect(seen).toEqual([5, 4, 3, 2, 1, undefined]);
  expect(gone).toEqual(['The next one']);
});

test('stopped, it stays on offer', () => {
  const { nextUp, gone } = make();
  nextUp.offer(next);
  jest.advanceTimersByTime(2_000);
  nextUp.stay();
  jest.advanceTimersByTime(60_000);
  expect(nextUp.state).toEqual({ next, secondsLeft: null });
  expect(gone).toEqual([]);
});

test('ended, there is nothing on offer', () => {
  const { nextUp, gone } = make();
  nextUp.offer(next);
  nextUp.end();
  jest.advanceTimersByTime(60_000);
  expect(nextUp.state).toBeNull();
  expect(gone).toEqual([]);
});

test('switched off, it waits to be asked', () => {
  store.set('sfumato.goesOn', 'no');
  const { nextUp, seen, gone } = make();
  nextUp.offer(next);
  jest.advanceTimersByTime(60_000);
  expect(seen).toEqual([null]);
  expect(gone).toEqual([]);
});
