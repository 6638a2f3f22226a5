import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, isExecutable, isProven, recordProof } from './proof.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sfumato-proof-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('holds for one program, one purpose, and until the program changes', () => {
  const program = join(folder, 'program');
  writeFileSync(program, 'one');
  expect(isProven(folder, program, 'a')).toBe(false);
  recordProof(folder, program, 'a');
  expect(isProven(folder, program, 'a')).toBe(true);
  expect(isProven(folder, program, 'b')).toBe(false);
  appendFileSync(program, 'more');
  expect(isProven(folder, program, 'a')).toBe(false);
  rmSync(program);
  expect(isProven(folder, program, 'a')).toBe(false);
});

test('finds programs on a path, and nothing that cannot be run', () => {
  const program = join(folder, 'tool');
  writeFileSync(program, '');
  chmodSync(program, 0o644);
  // Root may execute nothing either where no x bit is set.
  expect(isExecutable(program)).toBe(false);
  expect(findOnPath(['tool'], folder)).toBeUndefined();
  chmodSync(program, 0o755);
  expect(findOnPath(['other', 'tool'], `/nowhere:${folder}`)).toBe(program);
  expect(isExecutable(folder)).toBe(false);
  expect(isExecutable(join(program, 'below'))).toBe(false);
});
