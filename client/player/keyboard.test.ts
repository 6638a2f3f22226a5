import { describe, expect, test } from '@jest/globals';
import { actionOfKey } from './keyboard.ts';

const plain = { modified: false, typing: false, onControl: false };

describe('actionOfKey', () => {
  test.each([
    [' ', 'togglePlay'],
    ['k', 'togglePlay'],
    ['K', 'togglePlay'],
    ['m', 'toggleMute'],
    ['ArrowUp', 'volumeUp'],
    ['ArrowDown', 'volumeDown'],
    ['?', 'toggleHelp'],
    ['Escape', 'close'],
    ['j', null],
    ['ArrowLeft', null],
    ['Tab', null],
  ] as const)('"%s" is %s', (key, action) => {
    expect(actionOfKey({ ...plain, key })).toBe(action);
  });

  test('is inert while typing or with a modifier', () => {
    expect(actionOfKey({ ...plain, key: 'm', typing: true })).toBeNull();
    expect(actionOfKey({ ...plain, key: 'm', modified: true })).toBeNull();
  });

  test('leaves a control the keys that it uses itself', () => {
    expect(actionOfKey({ ...plain, key: ' ', onControl: true })).toBeNull();
    expect(actionOfKey({ ...plain, key: 'ArrowUp', onControl: true })).toBeNull();
    expect(actionOfKey({ ...plain, key: 'm', onControl: true })).toBe('toggleMute');
  });
});
