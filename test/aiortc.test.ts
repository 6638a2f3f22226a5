import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';

/** Debian's python3-aiortc belongs to Debian's Python. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = join(import.meta.dirname, 'support', 'aiortc-client.py');
const isInstalled = spawnSync(PYTHON, ['-c', 'import aiortc']).status === 0;

(isInstalled ? describe : describe.skip)('aiortc', () => {
  let server: LiveServer;
  let publisher: ChildProcess;

  beforeAll(async () => {
    server = await startLiveServer();
    publisher = spawn(PYTHON, [SCRIPT, 'publish', `${server.url}/whip/live`], {
      env: { ...process.env, STREAM_KEY },
    });
  });

  afterAll(async () => {
    publisher.stdin?.end();
    publisher.kill();
    await server.close();
  });

  test('publishes by WHIP, and watches by WHEP what it publishes: frames are decoded', async () => {
    await until(() => server.channel.broadcast !== undefined);
    const { stdout } = await promisify(execFile)(PYTHON, [
      SCRIPT,
      'watch',
      `${server.url}/whep/live`,
      '20',
    ]);
    expect(JSON.parse(stdout)).toEqual({ frames: 20, width: 640, samples: 960 });
  });
});
