import { describe, expect, test } from '@jest/globals';
import { isStreamKey, keyInFragment } from './stream-key.ts';

const KEY = 'a-key_for-tests-only-0123456789';

describe('keyInFragment', () => {
  test.each([
    [`#key=${KEY}`, KEY],
    [`key=${KEY}`, KEY],
    [`#at=3&key=${KEY}`, KEY],
    ['#key=short', null],
    [`#${KEY}`, null],
    ['', null],
  ])('%s', (hash, key) => {
    expect(keyInFragment(hash)).toBe(key);
  });
});

describe('isStreamKey', () => {
  test.each([
    [KEY, true],
    ['x'.repeat(21), false],
    ['x'.repeat(257), false],
  ])('%s', (text, expected) => {
    expect(isStreamKey(text)).toBe(expected);
  });
});
