import { createServer } from 'node:http';
import express, { type Request } from 'express';
import type { Logger } from 'pino';
import { Admissions } from '../../server/access/admissions.ts';
import type { Visitor } from '../../server/access/visitor.ts';
import { WatchGate } from '../../server/access/watch-gate.ts';
import type { Channel } from '../../server/channels/channel.ts';
import { Channels } from '../../server/channels/channels.ts';
import { Ladders } from '../../server/channels/ladders.ts';
import { Publishing } from '../../server/channels/publishing.ts';
import { meetChannel } from '../../server/http/channel-guard.ts';
import { errors } from '../../server/http/errors.ts';
import type { WebRtcHttpOptions } from '../../server/http/webrtc-http.ts';
import { whep } from '../../server/http/whep.ts';
import { whip } from '../../server/http/whip.ts';
import { ffmpegForTests } from '../../server/ffmpeg/ffmpeg-for-tests.ts';
import { createLadderRelays, type LadderRelays } from '../../server/rtp/ladder-relay.ts';
import { Sfu } from '../../server/sfu/sfu.ts';
import { KeysInMemory } from './rights.ts';
import { recordingLogger, recordProcesses } from './run-record.ts';
import { PATIENCE_MS } from './patience.ts';

export const STREAM_KEY = 'sk_test-0123456789abcdefghij';

export interface LiveServer {
  url: string;
  sfu: Sfu;
  channels: Channels;
  channel: Channel;
  publishing: Publishing;
  ladders: Ladders;
  relays: LadderRelays;
  rights: KeysInMemory;
  /** Who may watch goes by the Channels' `access`. */
  admissions: Admissions;
  /** To be aborted for what a server does before it is closed; `close` does it, too. */
  closing: AbortController;
  /** Lines of the log, as JSON. */
  log: string[];
  close(): Promise<void>;
}

/** The parts that a broadcast goes through, real ones, on free ports; the Channel `live` with its key. */
export async function startLiveServer(
  options: Partial<WebRtcHttpOptions> & {
    graceSeconds?: number;
    workers?: number;
    pages?: string;
  } = {},
): Promise<LiveServer> {
  const lines: string[] = [];
  const log: Logger = recordingLogger((line) => lines.push(line));
  const sfu = await Sfu.create({
    workers: options.workers ?? 1,
    host: '127.0.0.1',
    announcedAddress: undefined,
    rtcPort: 0,
    workerBin: process.env['MEDIASOUP_WORKER_BIN'],
    log,
  });
  const channels = new Channels();
  const channel = channels.create('live', 'Live', options.graceSeconds ?? 2);
  channels.create('other', 'Other', 2);
  const rights = new KeysInMemory();
  rights.set('live', STREAM_KEY);
  rights.set('other', `${STREAM_KEY}-other`);
  const relays = createLadderRelays({ log });
  const ladders = new Ladders({ relays, ffmpeg: ffmpegForTests(), log });
  const publishing = new Publishing({ sfu, channels, rights, ladders, log });
  const { publicUrl, iceServers, limits = { posts: 10_000, changes: 10_000 } } = options;
  const doors = { publicUrl, iceServers, limits };
  const app = express();
  app.use(
    '/whip',
    whip({ ...doors, publishing, routerRtpCapabilities: sfu.routerRtpCapabilities }),
  );
  const metrics = {
    joined: () => undefined,
    layerChanged: () => undefined,
    qualityReported: () => undefined,
    ended: () => undefined,
  };
  const closing = new AbortController();
  const gate = new WatchGate({
    things: {
      meet: async (id, visitor) =>
        channels.has(id) ? meetChannel(channels.get(id), visitor, ['*']) : undefined,
    },
  });
  const admissions = new Admissions({ gate, log });
  const rightsToWatch = { gate, admissions, credentials: nobodyKnown() };
  app.use(
    '/whep',
    whep({ ...doors, ...rightsToWatch, sfu, channels, metrics, closing: closing.signal, log }),
  );
  if (options.pages !== undefined) app.use(express.static(options.pages));
  app.get('/', (_request, response) => {
    response.type('html').send('<!doctype html><title>A page of somebody else</title>');
  });
  app.use(errors(log));
  const http = createServer(app);
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = async () => {
    recordProcesses();
    closing.abort();
    admissions.close();
    publishing.close();
    channels.close();
    await relays.close();
    sfu.close();
    http.closeAllConnections();
    await new Promise((resolve) => {
      http.close(resolve);
    });
  };
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    sfu,
    channels,
    channel,
    publishing,
    ladders,
    relays,
    rights,
    admissions,
    closing,
    log: lines,
    close,
  };
}

/** Nobody logs in here. */
function nobodyKnown() {
  const stranger = ({ ip: address }: Request): Visitor => {
    return { principal: undefined, pass: undefined, site: undefined, address, agent: undefined };
  };
  return { stranger, visit: async (request: Request) => stranger(request) };
}

/** Waits until something is so. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs = PATIENCE_MS) {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${holds}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
