import { describe, expect, test } from '@jest/globals';
import type { Role } from '../../signaling/contract/index.ts';
import { demand, demandLogin, mayDo, type Scope, SCOPES, SCOPES_OF_ROLE } from './principal.ts';

const principal = (...scopes: Scope[]) => ({
  ...{ kind: 'apiToken' as const, id: 'x', name: 'x' },
  scopes,
});

describe('mayDo', () => {
  test.each<[Scope[], Scope[]]>([
    [[], []],
    [['channels:read'], ['channels:read']],
    [['channels:write'], ['channels:read', 'channels:write', 'channels:publish']],
    [['channels:publish'], ['channels:publish']],
    [['playback:issue'], ['playback:issue']],
    [['library:read'], ['library:read']],
    [['library:write'], ['library:read', 'library:write']],
    [['admin'], [...SCOPES]],
  ])('%j may do %j', (scopes, expected) => {
    expect(SCOPES.filter((scope) => mayDo(principal(...scopes), scope))).toEqual(expected);
  });
});

describe('roles', () => {
  test.each<[Role, Scope[]]>([
    ['administrator', [...SCOPES]],
    ['editor', SCOPES.filter((scope) => scope !== 'admin')],
    ['broadcaster', ['channels:read', 'channels:publish']],
    ['viewer', []],
  ])('%s may do %j', (role, expected) => {
    const scopes = [...SCOPES_OF_ROLE[role]];
    expect(SCOPES.filter((scope) => mayDo({ scopes }, scope))).toEqual(expected);
  });
});

describe('demandLogin', () => {
  const viewer = { kind: 'account' as const, id: 'x', name: 'x', scopes: [] };
  test('takes whoever is logged in, and of tokens such as may do everything', () => {
    expect(demandLogin(viewer)).toBe(viewer);
    expect(() => demandLogin(principal('admin'))).not.toThrow();
    expect(() => demandLogin(principal('channels:write', 'library:write'))).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
    expect(() => demandLogin(undefined)).toThrow(expect.objectContaining({ code: 'unauthorized' }));
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
