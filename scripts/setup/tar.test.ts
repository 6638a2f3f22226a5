import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onlyFileOfTar } from './tar.mjs';

function archive(write: (folder: string) => void, args: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'sfumato-tar-'));
  try {
    write(folder);
    return execFileSync('tar', ['-c', '-C', folder, ...args]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('finds the file that tar has packed, behind a folder too', () => {
  const content = Buffer.alloc(70_001, 'worker');
  const packed = archive(
    (folder) => {
      mkdirSync(join(folder, 'bin'));
      writeFileSync(join(folder, 'bin', 'mediasoup-worker'), content);
    },
    ['bin'],
  );
  expect(onlyFileOfTar(packed).equals(content)).toBe(true);
});

test('refuses an archive without a file, and one that is cut off', () => {
  const empty = archive((folder) => mkdirSync(join(folder, 'bin')), ['bin']);
  expect(() => onlyFileOfTar(empty)).toThrow('no file');
  const whole = archive((folder) => writeFileSync(join(folder, 'a'), 'x'.repeat(5000)), ['a']);
  expect(() => onlyFileOfTar(whole.subarray(0, 2000))).toThrow('broken');
});
