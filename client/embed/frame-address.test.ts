import { expect, test } from '@jest/globals';
import { frameAddress } from './frame-address.ts';

const PAGE = 'https://site.example/article';

test.each<[[string, string][], string | null]>([
  [[['src', 'https://v.example/watch/demo']], 'https://v.example/embed/demo?autoplay=0'],
  [
    [
      ['src', 'https://v.example/watch/demo?t=90'],
      ['autoplay', ''],
      ['muted', ''],
      ['class', 'wide'],
    ],
    'https://v.example/embed/demo?t=90&autoplay=1&muted=1',
  ],
  [[['src', 'https://v.example/admin']], null],
  [[['src', 'javascript:alert(1)']], null],
  [[], null],
])('%j', (attributes, address) => {
  expect(frameAddress(attributes, PAGE)).toBe(address);
});
