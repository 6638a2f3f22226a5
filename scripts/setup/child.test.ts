import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CommandError, run } from './child.mjs';
import { Log } from './log.mjs';

const moduleUrl = (name: string): string => new URL(name, import.meta.url).href;
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'sfumato-child-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

function context(signal = new AbortController().signal) {
  const common = {
    root: cache,
    cache,
    settings: {},
    found: {},
    tests: false,
    done: new Set<string>(),
  };
  return { ...common, node: process.execPath, log: new Log(cache), signal };
}

const script = (code: string): [string, string[]] => [process.execPath, ['-e', code]];

test('reads what a command says, and keeps all of it in the log', async () => {
  const place = context();
  const lines: string[] = [];
  const code = `console.log('out'); console.error('err'); require('fs').writeSync(3, 'status\\n')`;
  await run(place, ...script(code), { onLine: (line) => lines.push(line) });
  expect(new Set(lines)).toEqual(new Set(['out', 'err', 'status']));
  expect(readFileSync(place.log.path, 'utf8')).toContain('err');
});

test('fails with the code and the output of a command that fails', async () => {
  const failure = run(context(), ...script(`console.log('why'); process.exit(3)`));
  await expect(failure).rejects.toThrow(/code 3/);
  await expect(failure).rejects.toMatchObject({ tail: ['why'] });
});

test('fails when there is no such command', async () => {
  await expect(run(context(), 'no-such-command', [])).rejects.toThrow(CommandError);
});

test('ends a command that takes too long, and what it has started', async () => {
  const pids: number[] = [];
  const late = run(context(), 'sh', ['-c', 'sleep 60 & echo $!; wait'], {
    timeoutMs: 2000,
    onLine: (line) => pids.push(Number(line)),
  });
  await expect(late).rejects.toThrow('did not end within 2000 ms');
  await untilGone(pids);
});

test('ends a command when the set-up is interrupted', async () => {
  const gate = new AbortController();
  const code = `console.log(process.pid); setInterval(() => {}, 1e4)`;
  const pids: number[] = [];
  const running = run(context(gate.signal), ...script(code), {
    onLine(line) {
      pids.push(Number(line));
      gate.abort();
    },
  });
  await expect(running).rejects.toThrow('interrupted');
  await untilGone(pids);
});

test('ends a command when the set-up is killed outright', async () => {
  const code = `
    import { run } from '${moduleUrl('child.mjs')}';
    import { Log } from '${moduleUrl('log.mjs')}';
    const place = { root: '.', cache: '${cache}', settings: {}, found: {}, node: process.execPath, tests: false };
    const signal = new AbortController().signal;
    await run({ ...place, log: new Log('${cache}'), signal, done: new Set() }, process.execPath,
      ['-e', 'console.log(process.pid); setInterval(() => {}, 1e4)'], { onLine: (line) => console.log(line) });`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: parent.stdout }).once('line', (line) => resolve(Number(line)));
  });
  parent.kill('SIGKILL');
  await untilGone([pid]);
});

/** Waits until none of the processes lives; the test's own time limit ends it otherwise. */
async function untilGone(pids: number[]): Promise<void> {
  expect(pids).not.toHaveLength(0);
  while (pids.some(lives)) await new Promise((resolve) => setTimeout(resolve, 20));
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
