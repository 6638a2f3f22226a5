import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isStale, withLock } from './lock.mjs';

describe('isStale', () => {
  const lives = () => true;
  const dead = () => false;
  test.each([
    ['its owner lives', { host: 'here', pid: 1 }, 0, lives, false],
    ['its owner is gone', { host: 'here', pid: 1 }, 0, dead, true],
    ['its owner is on another machine', { host: 'there', pid: 1 }, 29_000, dead, false],
    ['nobody has touched it for long', { host: 'there', pid: 1 }, 31_000, dead, true],
    ['it has only just been taken', undefined, 0, dead, false],
    ['nobody has signed it for long', undefined, 31_000, dead, true],
  ])('%s', (_, owner, untouchedMs, livesOrNot, expected) => {
    expect(isStale(owner, untouchedMs, 'here', livesOrNot)).toBe(expected);
  });
});

describe('withLock', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sfumato-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('lets one work after the other, and tells the second whom it waits for', async () => {
    const path = join(folder, 'locks', 'a');
    const signal = new AbortController().signal;
    const events: string[] = [];
    const holders: (number | undefined)[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      events.push(`${name} ends`);
    };
    const first = withLock(path, signal, () => undefined, work('first'));
    const second = withLock(path, signal, (pid) => holders.push(pid), work('second'));
    await Promise.all([first, second]);
    expect(events).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(holders).toEqual([process.pid]);
    expect(existsSync(path)).toBe(false);
  });

  test('takes over from a process that is gone', async () => {
    const path = join(folder, 'a');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    mkdirSync(path);
    writeFileSync(join(path, 'owner.json'), JSON.stringify({ host: hostname(), pid }));
    const signal = new AbortController().signal;
    await expect(
      withLock(
        path,
        signal,
        () => undefined,
        async () => 'done',
      ),
    ).resolves.toBe('done');
  });

  test('is released when the work fails', async () => {
    const path = join(folder, 'a');
    const signal = new AbortController().signal;
    const work = () => Promise.reject(new Error('no'));
    await expect(withLock(path, signal, () => undefined, work)).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  test('stops waiting when interrupted', async () => {
    const path = join(folder, 'a');
    const gate = new AbortController();
    let release = () => {};
    const held = withLock(
      path,
      gate.signal,
      () => undefined,
      () => new Promise<void>((resolve) => (release = resolve)),
    );
    const waiting = withLock(
      path,
      gate.signal,
      () => gate.abort(),
      async () => 'never',
    );
    await expect(waiting).rejects.toThrow('interrupted');
    release();
    await held;
  });
});
