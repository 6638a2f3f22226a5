import { expect, test } from '@jest/globals';
import { pathOfThing, playableAddress } from './links.ts';

test.each([
  ['https://v.example/watch/demo', 'https://v.example/watch/demo'],
  ['https://v.example/embed/demo?t=5', 'https://v.example/embed/demo?t=5'],
  ['https://v.example/admin', null],
  ['https://v.example/watch/a/b', null],
  ['https://other.example/watch/demo', null],
  ['javascript:alert(1)', null],
  ['', null],
])('%s', (href, address) => {
  expect(playableAddress(href, 'https://v.example')).toBe(address);
});

test.each([
  ['https://v.example/watch/demo', 'channels/demo'],
  ['https://v.example/embed/ABCDEFGHIJKLMNO2?t=5', 'assets/ABCDEFGHIJKLMNO2'],
  ['https://other.example/watch/demo', null],
  ['demo', null],
])('%s is at %s of the API', (address, path) => {
  expect(pathOfThing(address, 'https://v.example')).toBe(path);
});
