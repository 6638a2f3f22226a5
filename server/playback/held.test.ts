import { expect, test } from '@jest/globals';
import { Held } from './held.ts';

test('all is let go, the last first, once', () => {
  const held = new Held();
  const gone: number[] = [];
  for (const one of [1, 2, 3]) held.add(() => gone.push(one));
  expect(held.isLetGo).toBe(false);
  held.letGo();
  held.letGo();
  expect([gone, held.isLetGo]).toEqual([[3, 2, 1], true]);
  held.add(() => gone.push(4));
  expect(gone).toEqual([3, 2, 1, 4]);
});

test('one that fails keeps no other', () => {
  const held = new Held();
  const gone: number[] = [];
  held.add(() => gone.push(1));
  held.add(() => {
    throw new Error('stuck');
  });
  expect(() => held.letGo()).toThrow('stuck');
  expect(gone).toEqual([1]);
});
