import { expect, test } from '@jest/globals';
import { cutSites, frameAncestors } from './sites.ts';

test.each([
  [['*'], 'frame-ancestors *'],
  [[], "frame-ancestors 'self'"],
  [
    ['https://a.example', 'https://b.example'],
    "frame-ancestors 'self' https://a.example https://b.example",
  ],
])('%j', (sites, policy) => {
  expect(frameAncestors(sites)).toBe(policy);
});

const [A, B] = ['https://a.example', 'https://b.example'];

test.each([
  [['*'], undefined, ['*']],
  [['*'], ['*'], ['*']],
  [['*'], [A], [A]],
  [[A, B], [B], [B]],
  [[A], [B], []],
  [[], [A], []],
  [[A], ['*'], [A]],
])('of %j a token for %j leaves %j', (allowed, sites, left) => {
  expect(cutSites(allowed, sites)).toEqual(left);
});
