import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Channel } from '../server/channels/channel.ts';
import { Playout } from '../server/channels/playout.ts';
import { createFfmpeg } from '../server/ffmpeg/ffmpeg.ts';
import { createLibrary } from '../server/library/library.ts';
import type { Prepared } from '../server/library/manifest.ts';
import { createPumpPool, type PumpPool } from '../server/rtp/pump-pool.ts';
import { Sfu } from '../server/sfu/sfu.ts';
import { makeClip } from './support/clip.ts';

const log = pino({ level: 'silent' });

describe('a file on air', () => {
  let folder: string;
  let sfu: Sfu;
  let pumps: PumpPool;
  let file: Prepared;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-playout-'));
    const { FFMPEG_PATH: ffmpegPath = 'ffmpeg', FFPROBE_PATH: ffprobePath = 'ffprobe' } =
      process.env;
    const ffmpeg = createFfmpeg({ ffmpegPath, ffprobePath, log });
    const library = await createLibrary({ dataDir: folder, ffmpeg, log });
    file = await library.prepare(await makeClip(folder));
    pumps = createPumpPool({ log });
    sfu = await Sfu.create({
      workers: 1,
      host: '127.0.0.1',
      announcedAddress: undefined,
      rtcPort: 0,
      workerBin: process.env.MEDIASOUP_WORKER_BIN,
      log,
    });
  });

  afterAll(async () => {
    sfu.close();
    await pumps.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The id of the next broadcast on the Channel. */
  const nextBroadcast = (channel: Channel, after: string | undefined) =>
    new Promise<string>((resolve) => {
      const stop = channel.onChange(() => {
        const { broadcastId } = channel.info();
        if (broadcastId === undefined || broadcastId === after) return;
        stop();
        resolve(broadcastId);
      });
    });

  test('comes back on the air after its SFU worker was killed, and goes off it when closed', async () => {
    const channel = new Channel('clip', 'Clip');
    const playout = await Playout.start({ channel, file, sfu, pumps, log });
    const { broadcastId, layers, live } = channel.info();
    expect({ live, layers: layers.length }).toEqual({ live: true, layers: 2 });

    const back = nextBroadcast(channel, broadcastId);
    for (const pid of sfu.workerPids) process.kill(pid, 'SIGKILL');
    await back;
    expect(channel.info()).toMatchObject({ live: true, hasVideo: true, hasAudio: true });

    playout.close();
    expect(channel.info().live).toBe(false);
    playout.close();
  });
});
