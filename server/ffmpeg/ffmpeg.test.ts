import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { z } from 'zod';
import { createFfmpeg, inputArgs, words } from './ffmpeg.ts';
import { ffmpegForTests, makeClip } from './ffmpeg-for-tests.ts';
import type { Progress } from './progress.ts';

const ffmpeg = ffmpegForTests();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-ffmpeg-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs until it is stopped: -re keeps it at the pace of its sound. */
const ENDLESS = words('-re -f lavfi -i anullsrc -f null -');

/** Ids of processes whose command line has this word in it. */
async function processesNamed(word: string): Promise<string[]> {
  const listing = await promisify(execFile)('ps', ['-eo', 'pid=,args=']);
  const lines = listing.stdout.split('\n').filter((line) => line.includes(word));
  return lines.map((line) => line.trim().split(' ')[0] ?? '');
}

async function eventually(check: () => Promise<boolean>, limitMs = 10_000): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (await check()) return true;
    await delay(50);
  }
  return false;
}

describe('probe', () => {
  test('describes sound and picture', async () => {
    const file = await makeClip(ffmpeg, join(folder, 'both.mp4'), {
      video: 'testsrc=s=320x240:r=30000/1001:d=2',
      audio: 'sine=r=44100:d=2',
      options: '-c:v libx264 -preset ultrafast -c:a aac -metadata title=Both',
    });
    const info = await ffmpeg.probe(file);
    expect(info).toMatchObject({
      title: 'Both',
      video: { codec: 'h264', width: 320, displayHeight: 240, variableFrameRate: false },
      audio: { codec: 'aac', sampleRate: 44100, channels: 1 },
    });
    expect(info.video?.framesPerSecond).toEqual({ num: 30000, den: 1001 });
    expect(info.duration).toBeCloseTo(2, 1);
  });

  test('a playlist in disguise is not followed', async () => {
    const file = join(folder, 'playlist.mp4');
    await writeFile(file, `#EXTM3U\n#EXTINF:2,\nfile://${join(folder, 'both.mp4')}\n`);
    await expect(ffmpeg.probe(file)).rejects.toMatchObject({ code: 'unsupportedMedia' });
  });

  test('what a playlist in disguise names is not fetched', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const names = ['disguised.mp4', 'disguised.m3u8', 'disguised.mkv', 'disguised.ffconcat'];
    for (const name of names) {
      const file = join(folder, name);
      const url = `http://127.0.0.1:${port}/latest/meta-data`;
      const concat = name.endsWith('ffconcat');
      await writeFile(
        file,
        concat ? `ffconcat version 1.0\nfile ${url}\n` : `#EXTM3U\n#EXTINF:2,\n${url}\n`,
      );
      await expect(ffmpeg.probe(file)).rejects.toMatchObject({ code: 'unsupportedMedia' });
    }
    await new Promise((resolve) => server.close(resolve));
    expect(asked).toBe(0);
  });

  test('the arguments of an input allow the file alone', () => {
    const args = inputArgs('/srv/film.mp4');
    const valueOf = (name: string) => args[args.indexOf(name) + 1] ?? '';
    expect(valueOf('-protocol_whitelist')).toBe('file,crypto,data');
    const formats = valueOf('-format_whitelist').split(',');
    for (const refused of ['hls', 'dash', 'concat', 'image2', 'lavfi', 'rtsp', 'sdp', 'tty']) {
      expect(formats).not.toContain(refused);
    }
    expect(Number(valueOf('-max_pixels'))).toBeGreaterThan(0);
    // Whatever comes after them is the file, and all of them come before it.
    expect(args.slice(-2)).toEqual(['-i', '/srv/film.mp4']);
    for (const name of ['-i', 'film.mp4', 'http://127.0.0.1/', 'concat:/a|/b', 'pipe:0']) {
      expect(() => inputArgs(name)).toThrow('absolute');
    }
  });

  test('a relative path is refused', async () => {
    await expect(ffmpeg.probe('-i')).rejects.toThrow('absolute');
  });
});

describe('run', () => {
  test('what takes more memory than it may is refused as such', async () => {
    const args = words('-f lavfi -i testsrc=duration=1 -vf scale=8000:8000 -f null -');
    const run = ffmpeg.run({ args, limits: { memoryBytes: 500 * 1024 * 1024 } });
    await expect(run).rejects.toMatchObject({
      ...{ code: 'unsupportedMedia', message: expect.stringContaining('memory') },
    });
  });

  test('what writes more than it may is refused as such, and the file stays below it', async () => {
    const file = join(folder, 'endless.pcm');
    const args = [...words('-f lavfi -i anullsrc -f s16le'), file];
    const run = ffmpeg.run({ args, limits: { fileBytes: 1024 * 1024 } });
    await expect(run).rejects.toMatchObject({
      ...{ code: 'unsupportedMedia', message: expect.stringContaining('too large') },
    });
    expect((await stat(file)).size).toBeLessThanOrEqual(1024 * 1024);
  });

  test('relative names are in its folder', async () => {
    await ffmpeg.run({ args: words('-f lavfi -i anullsrc=d=1 -f s16le here.pcm'), folder });
    expect((await stat(join(folder, 'here.pcm'))).size).toBeGreaterThan(1000);
  });

  test('knows its filters', async () => {
    const filters = await ffmpeg.filters();
    expect(['scale', 'ebur128', 'yadif'].every((name) => filters.has(name))).toBe(true);
    expect(filters.has('Filters')).toBe(false);
  });

  test('reads stdin, hands stdout over, reports progress', async () => {
    const seen: Progress[] = [];
    let bytes = 0;
    await ffmpeg.run({
      args: words('-f s16le -ar 48000 -ac 1 -i pipe:0 -f s16le pipe:1'),
      input: (async function* () {
        for (let second = 0; second < 3; second += 1) yield new Uint8Array(96_000);
      })(),
      durationSeconds: 3,
      onProgress: (progress) => seen.push(progress),
      onOutput: (piece) => {
        bytes += piece.length;
      },
    });
    expect(bytes).toBe(288_000);
    expect(seen.at(-1)).toMatchObject({ seconds: 3, fraction: 1 });
  });

  test('a failure carries ffmpeg’s last words', async () => {
    const file = join(folder, 'noise.mp4');
    await writeFile(file, 'no media at all');
    const run = ffmpeg.run({ args: [...inputArgs(file), ...words('-f null -')] });
    await expect(run).rejects.toMatchObject({
      code: 'unsupportedMedia',
      message: expect.stringContaining('Invalid data'),
    });
  });

  test('a program that is not there is not the file’s fault', async () => {
    const missing = createFfmpeg({
      ffmpegPath: join(folder, 'no-ffmpeg'),
      ffprobePath: join(folder, 'no-ffprobe'),
      log: pino({ level: 'silent' }),
    });
    const run = missing.run({ args: ENDLESS });
    await expect(run).rejects.toMatchObject({ code: 'unavailable' });
    await expect(missing.probe(folder)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('an input that fails ends the run with its error', async () => {
    const run = ffmpeg.run({
      args: words('-f s16le -i pipe:0 -f null -'),
      input: (async function* () {
        yield new Uint8Array(4096);
        throw new Error('the disk is on fire');
      })(),
    });
    await expect(run).rejects.toThrow('on fire');
  });

  test('stops when aborted', async () => {
    const controller = new AbortController();
    const marker = `sfumato-abort-${process.pid}`;
    const run = ffmpeg.run({
      args: [...words(`-re -f lavfi -i anullsrc -metadata title=${marker} -f null -`)],
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
    expect(await eventually(async () => (await processesNamed(marker)).length === 0)).toBe(true);
  });

  test('an aborted signal stops it at once', async () => {
    const run = ffmpeg.run({ args: ENDLESS, signal: AbortSignal.abort(new Error('never')) });
    await expect(run).rejects.toThrow('never');
  });

  test('stops after its time', async () => {
    const run = ffmpeg.run({ args: ENDLESS, timeLimitMs: 300 });
    await expect(run).rejects.toMatchObject({ code: 'timeout' });
  });

  test('stops when nothing moves', async () => {
    const run = ffmpeg.run({
      args: words('-f s16le -i pipe:0 -f null -'),
      input: (async function* () {
        yield new Uint8Array(4096);
        await delay(2000);
      })(),
      stallLimitMs: 400,
    });
    await expect(run).rejects.toMatchObject({ code: 'timeout' });
  });

  test('dies with a parent that is killed', async () => {
    const marker = `sfumato-orphan-${process.pid}`;
    const script = `
      import { ffmpegForTests } from ${JSON.stringify(moduleUrl('./ffmpeg-for-tests.ts'))};
      const run = ffmpegForTests().run({
        args: '-re -f lavfi -i anullsrc -metadata title=${marker} -f null -'.split(' '),
        onProgress: () => process.stdout.write('running'),
      });
      run.catch(() => process.exit(1));
    `;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    await once(parent.stdout, 'data');
    expect((await processesNamed(marker)).length).toBeGreaterThan(1);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    expect(await eventually(async () => (await processesNamed(marker)).length === 0)).toBe(true);
  });
});

function moduleUrl(name: string): string {
  return `file://${fileURLToPath(new URL(name, import.meta.url))}`;
}
