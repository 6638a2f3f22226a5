import { expect, test } from '@jest/globals';
import { mayChange, NOBODY, sessionOf } from './session.ts';

const session = (id: string, ...scopes: string[]) =>
  sessionOf({ principal: { id, name: 'ada', scopes } });

const editor = sessionOf({
  principal: { id: '3', name: 'eve', role: 'editor', scopes: ['library:write'] },
});

test('nobody is logged in', () => expect(sessionOf({ principal: null })).toEqual(NOBODY));

test.each([
  ['nobody', NOBODY, false],
  ['an administrator', session('1', 'admin'), true],
  ['an editor, who looks after all of it', editor, true],
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

test.each([
  ['administrator', ['admin'], ['mayChangeChannels', 'mayPublish', 'mayIssue', 'mayWrite']],
  ['broadcaster', ['channels:read', 'channels:publish'], ['maySeeChannels', 'mayPublish']],
  ['viewer', [], []],
] as const)('%s: %j', (role, scopes, rights) => {
  const principal = { id: '1', name: 'ada', scopes, role, external: true };
  const who = sessionOf({ principal, signInWith: { name: 'The Club' } });
  expect(who).toMatchObject({ role, external: true, signInWith: 'The Club' });
  for (const right of rights) expect(who[right]).toBe(true);
  expect(who.mayAdminister).toBe(role === 'administrator');
  expect(who.mayChangeChannels).toBe(role === 'administrator');
});
