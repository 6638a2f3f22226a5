import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTempFolder, publishFolder, removeAbandoned } from './atomic.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sfumato-store-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

test('a published folder has everything and its temporary name is gone', async () => {
  const temp = await createTempFolder(parent);
  await writeFile(join(temp, 'a'), 'one');
  await publishFolder(temp, join(parent, 'final'));
  expect(await readdir(parent)).toEqual(['final']);
  expect(await readFile(join(parent, 'final', 'a'), 'utf8')).toBe('one');
});

test('publishing replaces what stood there', async () => {
  await mkdir(join(parent, 'final'));
  await writeFile(join(parent, 'final', 'broken'), '');
  const temp = await createTempFolder(parent);
  await writeFile(join(temp, 'whole'), '');
  await publishFolder(temp, join(parent, 'final'));
  expect(await readdir(join(parent, 'final'))).toEqual(['whole']);
});

test('folders of processes that are gone are removed, others stay', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await mkdir(join(parent, `.tmp-${pid}-1-1`));
  await mkdir(join(parent, `.tmp-${process.ppid}-1-1`));
  await mkdir(join(parent, 'final'));
  await removeAbandoned(parent);
  expect(await readdir(parent)).toEqual([`.tmp-${process.ppid}-1-1`, 'final']);
});
