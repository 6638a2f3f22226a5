import { expect, test } from '@jest/globals';
import { expiryOf } from './expiry.ts';

const tokenOf = (claims: unknown) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

test.each<[string, string, number | null]>([
  ['a time', tokenOf({ exp: 1_800_000_000, sub: 'ä?>' }), 1_800_000_000_000],
  ['no time', tokenOf({}), null],
  ['a time in words', tokenOf({ exp: 'soon' }), null],
  ['no token', 'nonsense', null],
])('expiryOf %s', (_name, token, expected) => {
  expect(expiryOf(token)).toBe(expected);
});
