import { describe, expect, test } from '@jest/globals';
import {
  cameraConstraints,
  contentHint,
  deviceEntries,
  firstWishes,
  isMirrored,
  microphoneConstraints,
  replacementFor,
} from './wishes.ts';

describe('cameraConstraints', () => {
  test.each([
    [null, {}],
    ['user', { facingMode: { ideal: 'user' } }],
    ['environment', { facingMode: { ideal: 'environment' } }],
    ['abc', { deviceId: { exact: 'abc' } }],
  ])('%s', (camera, expected) => {
    expect(cameraConstraints({ ...firstWishes, camera })).toEqual({
      ...expected,
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30, max: 30 },
    });
  });
});

test('a microphone is asked for by its id only where one was chosen', () => {
  expect(microphoneConstraints(firstWishes)).not.toHaveProperty('deviceId');
  const chosen = microphoneConstraints({ ...firstWishes, microphone: 'abc' });
  expect(chosen).toMatchObject({ deviceId: { exact: 'abc' }, echoCancellation: true });
});

test.each([
  ['camera', false, 'motion'],
  ['screen', false, 'detail'],
  ['screen', true, 'motion'],
] as const)('contentHint of a %s (moving: %s): %s', (picture, moving, hint) => {
  expect(contentHint(picture, moving)).toBe(hint);
});

test.each([
  ['camera', undefined, true],
  ['camera', 'user', true],
  ['camera', 'environment', false],
  ['screen', undefined, false],
  ['none', undefined, false],
] as const)('isMirrored %s %s: %s', (picture, facing, expected) => {
  expect(isMirrored(picture, facing)).toBe(expected);
});

const devices = [
  { kind: 'videoinput', deviceId: 'a', label: 'Desk camera' },
  { kind: 'audioinput', deviceId: 'm', label: '' },
  { kind: 'videoinput', deviceId: 'b', label: '' },
  { kind: 'videoinput', deviceId: '', label: '' },
] as const;

describe('deviceEntries', () => {
  test('of one kind, each with a name', () => {
    expect(deviceEntries(devices, 'videoinput', 'Camera')).toEqual([
      { deviceId: 'a', label: 'Desk camera' },
      { deviceId: 'b', label: 'Camera 2' },
    ]);
  });
});

describe('replacementFor', () => {
  const entries = deviceEntries(devices, 'videoinput', 'Camera');
  test.each([
    ['b', 'b'],
    ['gone', 'a'],
    [null, 'a'],
  ])('%s: %s', (wished, expected) => {
    expect(replacementFor(wished, entries)).toBe(expected);
  });
  test('nothing is left', () => {
    expect(replacementFor('a', [])).toBeNull();
  });
});
