import { describe, expect, test } from '@jest/globals';
import { isAllowedOrigin } from './origin.ts';

describe('isAllowedOrigin', () => {
  test.each([
    ['no browser', undefined, 'a.example', [], true],
    ['the server itself', 'https://a.example', 'a.example', [], true],
    ['the server on its port', 'http://localhost:8080', 'localhost:8080', [], true],
    ['another port of it', 'http://localhost:9999', 'localhost:8080', [], false],
    ['a stranger', 'https://evil.example', 'a.example', [], false],
    ['a suffix of ours', 'https://a.example.evil.example', 'a.example', [], false],
    ['one on the list', 'https://b.example', 'a.example', ['https://b.example'], true],
    [
      'one on the list by another scheme',
      'http://b.example',
      'a.example',
      ['https://b.example'],
      false,
    ],
    ['a sandboxed page', 'null', 'a.example', [], false],
    ['nonsense', '%%%', 'a.example', [], false],
  ] as const)('%s', (_name, origin, host, allowed, expected) => {
    expect(isAllowedOrigin(origin, host, allowed)).toBe(expected);
  });
});
