import { copyFile, mkdtemp, open, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fingerprint } from './fingerprint.ts';

let folder: string;
const at = new Date('2026-01-01T00:00:00Z');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-fingerprint-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  await utimes(path, at, at);
  return path;
}

test('a moved file is the same, another content, length or time is not', async () => {
  const path = await fileOf('a', 'content');
  const before = await fingerprint(path);
  await rename(path, join(folder, 'moved'));
  expect(await fingerprint(join(folder, 'moved'))).toBe(before);
  expect(await fingerprint(await fileOf('b', 'contend'))).not.toBe(before);
  expect(await fingerprint(await fileOf('c', 'content and more'))).not.toBe(before);
  await copyFile(join(folder, 'moved'), join(folder, 'later'));
  await utimes(join(folder, 'later'), at, new Date('2026-01-02'));
  expect(await fingerprint(join(folder, 'later'))).not.toBe(before);
});

test('the first and the last byte of a large file count, and it is quick', async () => {
  const path = await fileOf('large', '');
  await truncate(path, 20 * 2 ** 30);
  const seen = new Set<string>();
  const startedMs = performance.now();
  for (const [offset, text] of [
    [0, 'x'],
    [20 * 2 ** 30 - 1, 'y'],
  ] as const) {
    await utimes(path, at, at);
    seen.add(await fingerprint(path));
    const handle = await open(path, 'r+');
    await handle.write(text, offset);
    await handle.close();
  }
  await utimes(path, at, at);
  seen.add(await fingerprint(path));
  expect(seen.size).toBe(3);
  expect(performance.now() - startedMs).toBeLessThan(2000);
});
