import { expect, test } from '@jest/globals';
import { type AssetKeyPress, stepOfKey } from './asset-keys.ts';

const FILM = { shift: false, modified: false, typing: false, wholeImage: false };
const IMAGE = { ...FILM, wholeImage: true };
const SHIFT = { ...FILM, shift: true };

test.each<[string, AssetKeyPress, ReturnType<typeof stepOfKey>]>([
  ['Shift+N', { ...SHIFT, key: 'N' }, 'after'],
  ['Shift+P', { ...SHIFT, key: 'P' }, 'before'],
  ['N alone', { ...FILM, key: 'n' }, null],
  ['Shift+N in a field', { ...SHIFT, key: 'N', typing: true }, null],
  ['Ctrl+Shift+N, a window of the browser', { ...SHIFT, key: 'N', modified: true }, null],
  ['the arrows of a film', { ...FILM, key: 'ArrowRight' }, null],
  ['of an image', { ...IMAGE, key: 'ArrowRight' }, 'after'],
  ['of an image, back', { ...IMAGE, key: 'ArrowLeft' }, 'before'],
  ['of an image, up', { ...IMAGE, key: 'ArrowUp' }, null],
  ['with Shift', { ...IMAGE, key: 'ArrowRight', shift: true }, null],
])('%s', (_keys, press, step) => {
  expect(stepOfKey(press)).toBe(step);
});
