import { describe, expect, test } from '@jest/globals';
import type { Role } from '../../../signaling/contract/index.ts';
import { type Claims, nameOf, numbered, roleOf } from './claims.ts';

const byValue = { staff: 'editor', crew: 'broadcaster', root: 'administrator' } as const;

describe('roleOf', () => {
  test.each<[string | undefined, Role | 'none', Claims, Role | undefined]>([
    ['groups', 'none', { groups: ['staff'] }, 'editor'],
    ['groups', 'none', { groups: 'crew' }, 'broadcaster'],
    ['groups', 'none', { groups: ['crew', 'root', 'staff'] }, 'administrator'],
    ['groups', 'none', { groups: ['others'] }, undefined],
    ['groups', 'none', {}, undefined],
    ['groups', 'viewer', { groups: ['others'] }, 'viewer'],
    ['groups', 'viewer', { groups: 17 }, 'viewer'],
    ['groups', 'viewer', { groups: [{ staff: true }, null] }, 'viewer'],
    ['groups', 'none', { groups: ['Staff', 'staff ', 'constructor', '__proto__'] }, undefined],
    ['realm_access.roles', 'none', { realm_access: { roles: ['staff'] } }, 'editor'],
    ['realm_access.roles', 'none', { realm_access: 'staff' }, undefined],
    ['https://x.example/roles', 'none', { 'https://x.example/roles': ['staff'] }, 'editor'],
    ['constructor.name', 'none', {}, undefined],
    [undefined, 'viewer', { groups: ['root'] }, 'viewer'],
    [undefined, 'none', { groups: ['root'] }, undefined],
  ])('by %j, otherwise %s, of %j: %s', (claim, otherwise, claims, expected) => {
    expect(roleOf(claims, { claim, byValue, otherwise })).toBe(expected);
  });
});

describe('nameOf', () => {
  test.each<[Claims, string]>([
    [{ preferred_username: ' Ada ', email: 'a@b.example', sub: '1' }, 'ada'],
    [{ preferred_username: '', email: 'A@B.example', sub: '1' }, 'a@b.example'],
    [{ preferred_username: 7, name: 'Ada\nLovelace', sub: '1' }, 'ada lovelace'],
    [{ sub: 'S-1' }, 's-1'],
    [{ preferred_username: '\u0000', sub: '  ' }, 'somebody'],
    [{ preferred_username: 'x'.repeat(80), sub: '1' }, 'x'.repeat(64)],
  ])('of %j', (claims, expected) => {
    expect(nameOf(claims)).toBe(expected);
  });
});

test('a name that is taken is numbered, and not too long then', () => {
  expect(numbered('ada', 1)).toBe('ada');
  expect(numbered('ada', 2)).toBe('ada-2');
  expect(numbered('x'.repeat(64), 12)).toBe(`${'x'.repeat(61)}-12`);
});
