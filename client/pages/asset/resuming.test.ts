import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Resuming } from './resuming.ts';

const ID = 'ABCDEFGHIJKLMNO2';
const store = new Map<string, string>();

beforeEach(() => {
  jest.useFakeTimers();
  store.clear();
  Reflect.set(globalThis, 'localStorage', { getItem: (key: string) => store.get(key) ?? null });
});
afterEach(() => {
  jest.useRealTimers();
  for (const name of ['localStorage', 'fetch']) Reflect.deleteProperty(globalThis, name);
});

const keepHere = (seconds: number) =>
  store.set('sfumato.positions', JSON.stringify([{ id: ID, seconds, at: 1 }]));

function make({ isUsed = () => false }: { isUsed?: () => boolean } = {}) {
  const begun: number[] = [];
  const resuming = new Resuming({ changed: () => undefined, isUsed });
  const find = () =>
    resuming.find(
      ID,
      (seconds) => begun.push(seconds),
      () => true,
    );
  return { resuming, begun, find };
}

test('whoever was nobody goes on where this browser knows, and is told for a while', async () => {
  keepHere(50);
  const { resuming, begun, find } = make();
  await find();
  expect(begun).toEqual([50]);
  expect(resuming.told).toEqual({ seconds: 50, offered: false });
  jest.advanceTimersByTime(20_000);
  expect(resuming.told).toBeNull();
});

test('with nothing to go on with it begins, and nothing is said', async () => {
  const { resuming, begun, find } = make();
  await find();
  expect(begun).toEqual([0]);
  expect(resuming.told).toBeNull();
});

test('what is about to be pressed stays', async () => {
  keepHere(50);
  let used = true;
  const { resuming, find } = make({ isUsed: () => used });
  await find();
  jest.advanceTimersByTime(60_000);
  expect(resuming.told).not.toBeNull();
  used = false;
  jest.advanceTimersByTime(20_000);
  expect(resuming.told).toBeNull();
});

test('a server that is slow is not waited for: it begins, and the place is offered', async () => {
  store.set('sfumato.person', '1');
  const answer = Promise.withResolvers<Response>();
  Reflect.set(globalThis, 'fetch', () => answer.promise);
  const { resuming, begun, find } = make();
  const found = find();
  await jest.advanceTimersByTimeAsync(1_500);
  expect(begun).toEqual([0]);
  const position = { seconds: 70, updatedAt: '2026-11-22T12:00:00.000Z' };
  answer.resolve(Response.json({ position }));
  await found;
  expect(resuming.told).toEqual({ seconds: 70, offered: true });
});

test('an answer for what is not watched any more counts for nothing', async () => {
  store.set('sfumato.person', '1');
  const answer = Promise.withResolvers<Response>();
  Reflect.set(globalThis, 'fetch', () => answer.promise);
  const { resuming, begun, find } = make();
  const found = find();
  resuming.end();
  const position = { seconds: 70, updatedAt: '2026-11-22T12:00:00.000Z' };
  answer.resolve(Response.json({ position }));
  await found;
  expect(begun).toEqual([]);
  expect(resuming.told).toBeNull();
});
