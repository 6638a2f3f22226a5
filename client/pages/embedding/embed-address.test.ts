import { expect, test } from '@jest/globals';
import { embedAddress, NO_WISHES } from './embed-address.ts';

test.each([
  [{}, '?autoplay=0'],
  [{ autoplay: true }, ''],
  [{ autoplay: true, muted: true, loop: true, controls: false }, '?muted=1&loop=1&controls=0'],
  [{ start: '1:30' }, '?autoplay=0&t=90'],
  [{ start: 'soon' }, '?autoplay=0'],
])('%j', (wishes, query) => {
  expect(embedAddress('https://v.example', 'demo', { ...NO_WISHES, ...wishes })).toBe(
    `https://v.example/embed/demo${query}`,
  );
});

test('the right to watch goes with it', () => {
  expect(embedAddress('https://v.example', 'demo', NO_WISHES, 'a.b.c')).toBe(
    'https://v.example/embed/demo?autoplay=0&token=a.b.c',
  );
});
