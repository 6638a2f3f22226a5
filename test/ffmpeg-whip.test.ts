import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RtcClient, watch } from './support/libdatachannel.ts';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';

const SCRIPT = join(import.meta.dirname, 'support', 'ffmpeg-whip.mjs');

const CLIP = [
  ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30'],
  ...['-f', 'lavfi', '-i', 'sine=440', '-t', '30'],
  ...['-c:v', 'libx264', '-profile:v', 'baseline', '-preset', 'ultrafast', '-bf', '0', '-g', '30'],
  ...['-pix_fmt', 'yuv420p', '-c:a', 'libopus', '-ac', '2', '-ar', '48000'],
];

describe("FFmpeg's own WHIP muxer", () => {
  let server: LiveServer;
  let folder: string;
  let publisher: ChildProcess | undefined;
  let viewer: RtcClient | undefined;

  beforeAll(async () => {
    server = await startLiveServer();
    folder = await mkdtemp(join(tmpdir(), 'sfumato-whip-'));
  });

  afterAll(async () => {
    viewer?.close();
    publisher?.kill();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  // It sends `a=setup:passive`, so that we are the DTLS client (RFC 8842).
  test('publishes H.264 and Opus, as the DTLS server; both arrive at a viewer', async () => {
    const clip = join(folder, 'clip.mkv');
    await promisify(execFile)(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [...CLIP, clip]);
    const url = `${server.url}/whip/live`;
    publisher = spawn(process.execPath, [SCRIPT, clip, url], {
      env: { ...process.env, NODE_OPTIONS: '', STREAM_KEY },
    });
    let said = '';
    publisher.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
    });
    await until(() => server.channel.broadcast !== undefined).catch(() => {
      throw new Error(said);
    });
    const watching = await watch(`${server.url}/whep/live`);
    viewer = watching;
    await until(() => watching.received.video.packets > 50);
    await until(() => watching.received.audio.packets > 50);
    expect(watching.answer).toContain('H264/90000');
  });
});
