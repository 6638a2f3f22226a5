import { describe, expect, test } from '@jest/globals';
import { actionOfKey, nextRate, seekTarget } from './keyboard.ts';

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

  test('leaves a button its Space only', () => {
    expect(actionOfKey({ ...plain, key: ' ', onControl: 'button' })).toBeNull();
    expect(actionOfKey({ ...plain, key: 'ArrowUp', onControl: 'button' })).toBe('volumeUp');
  });

  test.each([
    ['ArrowLeft', 'stepBack'],
    ['l', 'jumpForward'],
    ['Home', 'toStart'],
    ['7', 'toTenth'],
    ['>', 'faster'],
    ['<', 'slower'],
    [',', 'frameBack'],
    ['.', 'frameForward'],
    ['c', 'toggleCaptions'],
    ['m', 'toggleMute'],
    ['Tab', null],
  ] as const)('of something stored "%s" is %s', (key, action) => {
    expect(actionOfKey({ ...plain, stored: true, key })).toBe(action);
  });
});

describe('seekTarget', () => {
  const at = { currentTime: 98, duration: 100 };
  test.each([
    ['stepBack', '', 93],
    ['stepForward', '', 100],
    ['jumpBack', '', 88],
    ['toStart', '', 0],
    ['toEnd', '', 100],
    ['toTenth', '3', 30],
    ['toggleMute', '', null],
  ] as const)('%s %s', (action, key, target) => {
    expect(seekTarget(action, key, at)).toBe(target);
  });

  test('leads nowhere while the duration is not known', () => {
    expect(seekTarget('stepBack', '', { currentTime: 3, duration: Number.NaN })).toBeNull();
  });
});

describe('nextRate', () => {
  test.each([
    [1, 1, 1.25],
    [1, -1, 0.75],
    [2, 1, 2],
    [0.25, -1, 0.25],
    [1.1, 1, 1.25],
  ] as const)('from %d by %d to %d', (present, direction, rate) => {
    expect(nextRate(present, direction)).toBe(rate);
  });
});
