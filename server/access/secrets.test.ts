import { describe, expect, test } from '@jest/globals';
import { hashSecret, newSecret, sameSecret } from './secrets.ts';

describe('secrets', () => {
  test('are different each time, and of letters that URLs take as they are', () => {
    const many = Array.from({ length: 1000 }, () => newSecret('sk_'));
    expect(new Set(many).size).toBe(1000);
    for (const one of many) expect(one).toMatch(/^sk_[A-Za-z0-9_-]{32}$/);
  });

  test('are found again by their hash, which is SHA-256', () => {
    expect(hashSecret('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test.each([
    ['a', 'a', true],
    ['a', 'b', false],
    ['a', 'aa', false],
    ['', '', true],
  ])('sameSecret(%j, %j): %j', (one, other, same) => {
    expect(sameSecret(one, other)).toBe(same);
  });
});
