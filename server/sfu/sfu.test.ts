import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { WireDtlsParameters } from '../../signaling/contract/index.ts';
import { NO_LIMIT } from './layer-choice.ts';
import type { RtpSource } from './rtp-publishing.ts';
import { Sfu } from './sfu.ts';
import type { ViewerTransport } from './viewer-transport.ts';

const log = pino({ level: 'silent' });

const SOURCE: RtpSource = {
  address: { ip: '127.0.0.1', port: 9 },
  cname: 'test',
  video: { ssrcs: [11, 12, 13], bitrates: [200_000, 700_000, 2_000_000] },
  audio: { ssrc: 14 },
};

const DTLS: WireDtlsParameters = {
  role: 'client',
  fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') }],
};

describe('Sfu with two real Workers', () => {
  let sfu: Sfu;

  beforeEach(async () => {
    sfu = await Sfu.create({
      workers: 2,
      host: '127.0.0.1',
      announcedAddress: undefined,
      rtcPort: 0,
      workerBin: process.env.MEDIASOUP_WORKER_BIN,
      log,
    });
  });

  afterEach(() => sfu.close());

  const open = async (
    broadcast: Parameters<Sfu['openViewerTransport']>[0],
    onLost: (reason: string) => void = () => undefined,
  ): Promise<ViewerTransport> => {
    const viewer = await sfu.openViewerTransport(broadcast, {
      rtpCapabilities: sfu.routerRtpCapabilities,
      dtlsParameters: DTLS,
      limit: NO_LIMIT,
      remoteAddress: '127.0.0.1',
      onLayerChange: () => undefined,
      onLost,
    });
    await viewer.watch(broadcast);
    return viewer;
  };

  test('a Viewer gets both tracks, the picture as one stream of three Layers', async () => {
    const { broadcast } = await sfu.publishRtp(SOURCE, () => undefined);
    const viewer = await open(broadcast);
    const consumers = await viewer.watch(broadcast);
    expect(consumers.map(({ kind }) => kind).toSorted()).toEqual(['audio', 'video']);
    const video = consumers.find(({ kind }) => kind === 'video');
    expect(video?.rtpParameters.encodings).toMatchObject([{ scalabilityMode: 'L3T1' }]);
    const uris = video?.rtpParameters.headerExtensions?.map(({ uri }) => uri);
    expect(uris).toContain('http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time');
  });

  test('a Channel is piped to the second Worker on demand, and un-piped with its last Viewer', async () => {
    const { broadcast } = await sfu.publishRtp(SOURCE, () => undefined);
    const viewers: ViewerTransport[] = [];
    while (broadcast.presentAt().size === 1 && viewers.length < 40) {
      viewers.push(await open(broadcast));
    }
    const origin = broadcast.origin.index;
    const away = viewers.filter(({ worker }) => worker.index !== origin);
    expect(viewers.length).toBeGreaterThan(5);
    expect(away).toHaveLength(1);
    // Two more, at the same time, over the pipe that is there.
    viewers.push(...(await Promise.all([open(broadcast), open(broadcast)])));
    expect(broadcast.presentAt()).toEqual(new Set([0, 1]));

    for (const viewer of viewers) sfu.closeViewerTransport(viewer);
    expect(broadcast.presentAt()).toEqual(new Set([origin]));
    const again = await open(broadcast);
    expect(again.worker.index).toBe(origin);
  });

  test('two Viewers that arrive at once on a Worker without the Channel share one pipe', async () => {
    const { broadcast } = await sfu.publishRtp(SOURCE, () => undefined);
    const elsewhere = await Promise.all(Array.from({ length: 3 }, () => open(undefined)));
    const away = elsewhere.filter(({ worker }) => worker !== broadcast.origin);
    const [first, second] = await Promise.all(away.slice(0, 2).map((one) => one.watch(broadcast)));
    expect(away.length).toBeGreaterThan(1);
    const idsOf = (consumers = first) => consumers?.map(({ producerId }) => producerId).toSorted();
    expect(idsOf(first)).toEqual(idsOf(second));
  });

  test('200 joins and leaves leave no transport, consumer or load behind', async () => {
    const { broadcast } = await sfu.publishRtp(SOURCE, () => undefined);
    const before = await transportsOf(broadcast.origin.router);
    for (let round = 0; round < 10; round += 1) {
      const viewers = await Promise.all(Array.from({ length: 20 }, () => open(broadcast)));
      for (const viewer of viewers) sfu.closeViewerTransport(viewer);
    }
    expect(sfu.viewerTransports).toBe(0);
    expect(broadcast.presentAt()).toEqual(new Set([broadcast.origin.index]));
    const after = await transportsOf(broadcast.origin.router);
    // At most the one pipe between the two Routers, which is kept for the next time.
    expect(after - before).toBeLessThanOrEqual(1);
    const { mapConsumerIdProducerId } = await broadcast.origin.router.dump();
    expect(mapConsumerIdProducerId).toEqual([]);
  });

  test('a Worker that is killed is replaced; what was on it is reported lost, the rest goes on', async () => {
    let lost = 0;
    const { broadcast } = await sfu.publishRtp(SOURCE, () => {
      lost += 1;
    });
    const reasons: string[] = [];
    await open(broadcast, (reason) => reasons.push(reason));
    const died = new Promise<void>((resolve) => {
      broadcast.origin.router.observer.once('close', () => resolve());
    });
    process.kill(broadcast.origin.pid, 'SIGKILL');
    await died;
    expect({ lost, closed: broadcast.closed, viewers: sfu.viewerTransports }).toEqual({
      lost: 1,
      closed: true,
      viewers: 0,
    });
    expect(reasons).toHaveLength(1);

    const { broadcast: next } = await sfu.publishRtp(SOURCE, () => undefined);
    expect((await open(next)).worker).toBe(next.origin);
    await expectEventually(() => sfu.workerPids.length === 2);
    expect(sfu.workerDeaths).toBe(1);
  });

  test('unusable DTLS parameters are refused and leave nothing behind', async () => {
    const viewer = await sfu.openViewerTransport(undefined, {
      rtpCapabilities: sfu.routerRtpCapabilities,
      dtlsParameters: { role: 'client', fingerprints: [] },
      limit: NO_LIMIT,
      remoteAddress: undefined,
      onLayerChange: () => undefined,
      onLost: () => undefined,
    });
    await expect(viewer.connect()).rejects.toThrow();
    sfu.closeViewerTransport(viewer);
    expect(sfu.viewerTransports).toBe(0);
  });
});

async function transportsOf(router: { dump(): Promise<{ transportIds: string[] }> }) {
  return (await router.dump()).transportIds.length;
}

async function expectEventually(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${holds}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
