import { expect, test } from '@jest/globals';
import { hasMediaName, notMedia, titleOf } from './media-names.ts';

test.each([
  ['My_first  clip.mp4', 'My first clip'],
  ['a.b.mkv', 'a.b'],
  ['.mp4', '.mp4'],
  ['___.mp4', '___.mp4'],
  [`${'👩‍🚀'.repeat(100)}.mp4`, '👩‍🚀'.repeat(40)],
])('%s is called %s', (name, title) => {
  expect(titleOf(name)).toBe(title);
});

test('what is no media file by its name', () => {
  expect(notMedia('a.tar.gz')).toBe('an archive');
  expect(notMedia('a', 'text/html')).toBe('a text/html');
  // The ending says more than what a browser makes of it: a .ts is TypeScript to some.
  expect(notMedia('a.ts', 'text/vnd.trolltech.linguist')).toBeUndefined();
  expect(notMedia('a', 'application/octet-stream')).toBeUndefined();
});

test('only what is media by its name is taken from a folder', () => {
  expect(['a.MP4', 'b.flac', 'c.webp'].every(hasMediaName)).toBe(true);
  expect(['a', 'b.txt', 'c.mp4.part', 'd.exe'].some(hasMediaName)).toBe(false);
});
