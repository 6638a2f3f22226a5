import { describe, expect, test } from '@jest/globals';
import { readCall, writeAnswer, writeEvent } from './player-js.ts';

const call = (more: object) => JSON.stringify({ context: 'player.js', version: '0.0.11', ...more });

describe('readCall', () => {
  test.each([
    [{ method: 'play' }],
    [{ method: 'setCurrentTime', value: 12 }],
    [{ method: 'addEventListener', value: 'timeupdate', listener: 'l1' }],
  ])('%j', (more) => {
    expect(readCall(call(more))).toMatchObject(more);
  });

  test.each([
    ['an object', { context: 'player.js', method: 'play' }],
    ['no JSON', '{context'],
    ['another protocol', JSON.stringify({ context: 'other', method: 'play' })],
    ['a method that is none', call({ method: 'constructor' })],
    ['a listener that is no name', call({ method: 'play', listener: {} })],
    ['a very long one', call({ method: 'play', value: 'x'.repeat(9_000) })],
    ['nothing', undefined],
  ])('%s is not for us', (_what, data) => {
    expect(readCall(data)).toBeNull();
  });
});

test('answers and events are text, with the name of the listener', () => {
  expect(JSON.parse(writeAnswer('getVolume', 40, 'a'))).toEqual({
    ...{ context: 'player.js', version: '0.0.11', event: 'getVolume', value: 40, listener: 'a' },
  });
  expect(JSON.parse(writeEvent('play'))).toEqual({
    ...{ context: 'player.js', version: '0.0.11', event: 'play' },
  });
});
