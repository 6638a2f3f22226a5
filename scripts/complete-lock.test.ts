import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { missingEntries, systemsOf } from './complete-lock.mjs';

test('package-lock.json has the packages of all systems, or `npm ci` would refuse it', () => {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  // Where this fails: node scripts/complete-lock.mjs
  expect(Object.keys(missingEntries(lock.packages))).toEqual([]);
});

test.each([
  ['@x/y-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
  ['@x/y-linux-arm64-gnu', { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] }],
  ['@x/y-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
  ['@x/darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['fsevents', { os: ['darwin'] }],
])('%s', (name, expected) => {
  expect(systemsOf(name)).toEqual(expected);
});

test('a package is looked for as Node does, from its dependent outwards', () => {
  const entries = {
    'node_modules/a': {
      optionalDependencies: { b: '^1.2.3', c: '1.0.0', '@s/d-linux-x64': '2.0.0' },
    },
    'node_modules/a/node_modules/b': { version: '1.2.4' },
    'node_modules/c': { version: '1.0.0' },
  };
  expect(missingEntries(entries)).toEqual({
    'node_modules/@s/d-linux-x64': {
      version: '2.0.0',
      optional: true,
      os: ['linux'],
      cpu: ['x64'],
    },
  });
});
