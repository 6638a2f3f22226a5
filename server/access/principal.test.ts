import { describe, expect, test } from '@jest/globals';
import { demand, mayDo, type Scope, SCOPES } from './principal.ts';

const principal = (...scopes: Scope[]) => ({
  ...{ kind: 'apiToken' as const, id: 'x', name: 'x' },
  scopes,
});

describe('mayDo', () => {
  test.each<[Scope[], Scope[]]>([
    [[], []],
    [['channels:read'], ['channels:read']],
    [['channels:write'], ['channels:read', 'channels:write']],
    [['library:read'], ['library:read']],
    [['library:write'], ['library:read', 'library:write']],
    [['admin'], [...SCOPES]],
  ])('%j may do %j', (scopes, expected) => {
    expect(SCOPES.filter((scope) => mayDo(principal(...scopes), scope))).toEqual(expected);
  });
});

describe('demand', () => {
  test('tells nobody from somebody without the right', () => {
    expect(() => demand(undefined, 'admin')).toThrow(
      expect.objectContaining({ code: 'unauthorized' }),
    );
    expect(() => demand(principal('channels:write'), 'admin')).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });
});
