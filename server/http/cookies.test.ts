import { describe, expect, test } from '@jest/globals';
import { readCookie, sessionCookieName, sessionCookieOptions } from './cookies.ts';

describe('the session’s cookie', () => {
  test('is bound to the host where the connection is secure', () => {
    expect(sessionCookieName(true)).toBe('__Host-sfumato');
    expect(sessionCookieOptions(true)).toEqual({
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: true,
    });
    expect(sessionCookieName(false)).toBe('sfumato');
  });

  test.each([
    [undefined, undefined],
    ['', undefined],
    ['sfumato=abc', 'abc'],
    ['a=1; sfumato=a=b; c', 'a=b'],
    ['xsfumato=abc; __Host-sfumato=def', undefined],
    ['sfumato', undefined],
  ])('%j -> %j', (header, expected) => {
    expect(readCookie(header, 'sfumato')).toBe(expected);
  });
});
