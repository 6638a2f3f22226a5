import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Finding } from '../signaling/contract/index.ts';
import { type Encoder, type EncoderOptions, startEncoder } from './support/encoder.ts';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';

const BASELINE = ['-profile:v', 'baseline', '-bf', '0'];

describe('what is the matter with a real encoder’s stream', () => {
  let server: LiveServer;
  let encoder: Encoder | undefined;

  beforeAll(async () => {
    server = await startLiveServer({ graceSeconds: 0 });
  });
  afterEach(async () => {
    encoder?.close();
    await until(() => server.channel.broadcast === undefined);
  });
  afterAll(() => server.close());

  const findings = () => server.publishing.healthOf('live')?.findings ?? [];
  const codes = () => findings().map(({ code }) => code);

  async function start(options: EncoderOptions): Promise<void> {
    encoder = await startEncoder(`${server.url}/whip/live`, STREAM_KEY, options);
    await until(() => server.channel.broadcast !== undefined);
  }

  test.each<[string, Finding['code'], EncoderOptions]>([
    ['B-frames', 'bFrames', { encoding: ['-profile:v', 'main', '-bf', '2', '-g', '30'] }],
    [
      'another profile than the announced',
      'profileMismatch',
      { encoding: ['-profile:v', 'high', '-preset', 'veryfast', '-bf', '0', '-g', '30'] },
    ],
    ['key frames 20 s apart', 'keyFramesTooFar', { encoding: [...BASELINE, '-g', '600'] }],
    ['silence', 'silence', { sound: 'anullsrc=sample_rate=48000' }],
    ['a black picture', 'black', { picture: 'color=black:size=640x360:rate=30' }],
    ['a clock that is a fifth too fast', 'wrongClock', { clock: 1.2 }],
  ])('%s', async (_name, code, options) => {
    await start(options);
    await until(() => codes().includes(code));
    expect(findings().find((one) => one.code === code)?.message).toMatch(/[.?]$/);
  });

  const arriving = () => (server.publishing.healthOf('live')?.layers[0]?.bitrate ?? 0) > 0;

  test('one that is as it should be is told nothing', async () => {
    await start({});
    await until(arriving);
    const seen = new Set<string>();
    const started = performance.now();
    await until(() => {
      for (const code of codes()) seen.add(code);
      // The second look at the packets, and the patience with silence, are over by then.
      return performance.now() - started > 17_000;
    });
    expect([...seen]).toEqual([]);
  });

  test('a picture that stops', async () => {
    await start({});
    await until(arriving);
    encoder?.stopPicture();
    await until(() => codes().includes('frozenLayer'));
  });
});
