import { expect, test } from '@jest/globals';
import { readTokenMessage, writeTokenExpiring } from './token-message.ts';

test('a plain message has another token', () => {
  expect(readTokenMessage({ type: 'sfumato:token', token: 'a.b.c' })).toMatchObject({
    method: 'setToken',
    value: 'a.b.c',
  });
});

test.each<[unknown]>([
  [null],
  ['sfumato:token'],
  [{ type: 'sfumato:token' }],
  [{ type: 'sfumato:token', token: 'x'.repeat(5_000) }],
  [{ type: 'other', token: 'a.b.c' }],
])('%j is none', (message) => {
  expect(readTokenMessage(message)).toBeNull();
});

test('the end is told', () => {
  expect(writeTokenExpiring({ secondsLeft: 30 })).toEqual({
    type: 'sfumato:tokenexpiring',
    secondsLeft: 30,
  });
});
