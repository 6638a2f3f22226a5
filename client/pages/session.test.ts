import { expect, test } from '@jest/globals';
import { mayChange, NOBODY, sessionOf } from './session.ts';

const session = (id: string, ...scopes: string[]) =>
  sessionOf({ principal: { id, name: 'ada', scopes } });

test('nobody is logged in', () => expect(sessionOf({ principal: null })).toEqual(NOBODY));

test.each([
  ['nobody', NOBODY, false],
  ['an administrator', session('1', 'admin'), true],
  ['somebody of the same name', session('1', 'library:write'), false],
  ['who put it in', session('2', 'library:write'), true],
  ['who put it in, and may only read now', session('2', 'library:read'), false],
])('%s may change it?', (_who, who, may) => {
  expect(mayChange(who, { owner: { id: '2' } })).toBe(may);
});

test('what is nobody’s is for administrators', () => {
  expect(mayChange(session('2', 'library:write'), {})).toBe(false);
  expect(mayChange(session('2', 'admin'), {})).toBe(true);
});
