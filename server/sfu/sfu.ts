import { networkInterfaces } from 'node:os';
import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import {
  rtpCapabilitiesSchema,
  SfumatoError,
  type WireRtpCapabilities,
} from '../../signaling/contract/index.ts';
import { Broadcast } from './broadcast.ts';
import { listenInfos } from './listen-addresses.ts';
import { placeBroadcast, placeViewer } from './placement.ts';
import { PublisherTransport, type PublisherTransportOptions } from './publisher-transport.ts';
import { audioRtpParameters, type RtpSource, videoRtpParameters } from './rtp-publishing.ts';
import type { SfuWorker } from './sfu-worker.ts';
import {
  INITIAL_BITRATE,
  ViewerTransport,
  type ViewerTransportOptions,
} from './viewer-transport.ts';
import { WorkerPool } from './worker-pool.ts';

export interface SfuOptions {
  workers: number;
  host: string;
  announcedAddress: string | undefined;
  /** The first Worker's port; the others follow upward. 0: any free ones. */
  rtcPort: number;
  /** The mediasoup worker's program; undefined: where its package looks for it. */
  workerBin: string | undefined;
  log: Logger;
}

/** A broadcast fed by plain RTP, and where to send that RTP to. */
export interface RtpIngest {
  broadcast: Broadcast;
  target: { ip: string; port: number };
}

/** A playback of one Viewer's own: its RTP, and the connection that it goes out by. */
export interface RtpPlayback extends RtpIngest {
  viewer: ViewerTransport;
}

/** Bit rates are not steady. */
const START_HEADROOM = 1.2;

/** The selective forwarding unit: what is published goes in once and out to every Viewer. */
export class Sfu {
  readonly #pool: WorkerPool;
  readonly #log: Logger;
  readonly #routerRtpCapabilities: WireRtpCapabilities;
  readonly #broadcasts = new Set<Broadcast>();
  readonly #viewers = new Set<ViewerTransport>();

  private constructor(pool: WorkerPool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
    const { rtpCapabilities } = pool.at(0).router;
    this.#routerRtpCapabilities = rtpCapabilitiesSchema.parse(rtpCapabilities);
  }

  /** @throws SfumatoError `unavailable` where the Workers do not start */
  static async create(options: SfuOptions): Promise<Sfu> {
    const { workers, rtcPort, workerBin, log, ...listen } = options;
    const portOf = (index: number) => (rtcPort === 0 ? 0 : rtcPort + index);
    const pool = await WorkerPool.create({
      size: workers,
      listenInfosOf: (index) =>
        listenInfos({ ...listen, port: portOf(index) }, networkInterfaces()),
      workerBin,
      log,
    });
    return new Sfu(pool, log);
  }

  /** The same for every Router, and so known before a Viewer has chosen anything. */
  get routerRtpCapabilities(): WireRtpCapabilities {
    return this.#routerRtpCapabilities;
  }

  get workerPids(): number[] {
    return this.#pool.alive.map((worker) => worker.pid);
  }

  get workerDeaths(): number {
    return this.#pool.deaths;
  }

  get viewerTransports(): number {
    return this.#viewers.size;
  }

  async workerCpuTimesMs(): Promise<{ worker: number; cpuTimeMs: number }[]> {
    return await Promise.all(
      this.#pool.alive.map(async (worker) => ({
        worker: worker.index,
        cpuTimeMs: await worker.cpuTimeMs(),
      })),
    );
  }

  /** Puts a source of plain RTP on air. @param onLost called when its Worker died */
  async publishRtp(source: RtpSource, onLost: () => void): Promise<RtpIngest> {
    const origin = this.#pool.at(placeBroadcast(this.#pool.loads()));
    return await this.#ingest(origin, source, onLost);
  }

  /**
   * Plain RTP for one Viewer, and that Viewer's connection, all on one Worker. The Viewer's `watch` of the broadcast
   * takes no pipe then. What ends it is `closePlayback`, or the options' `onLost`.
   */
  async openPlayback(source: RtpSource, options: ViewerTransportOptions): Promise<RtpPlayback> {
    const worker = this.#pool.at(placeBroadcast(this.#pool.loads()));
    // A Worker that died ends the Viewer's connection, too, which tells of it.
    const ingest = await this.#ingest(worker, source, () => undefined);
    try {
      const viewer = await this.#openViewer(worker, {
        ...options,
        startBitrate: options.startBitrate ?? INITIAL_BITRATE,
        sourced: true,
        onLost: (reason) => {
          ingest.broadcast.close();
          options.onLost(reason);
        },
      });
      return { ...ingest, viewer };
    } catch (error) {
      ingest.broadcast.close();
      throw error;
    }
  }

  /** Idempotent. */
  closePlayback({ viewer, broadcast }: RtpPlayback): void {
    this.closeViewerTransport(viewer);
    broadcast.close();
  }

  /** A Viewer's connection, on the Worker that suits what it wants to watch. */
  async openViewerTransport(
    broadcast: Broadcast | undefined,
    options: ViewerTransportOptions,
  ): Promise<ViewerTransport> {
    const index = placeViewer(this.#pool.loads(), broadcast?.presentAt() ?? new Set());
    const worker = this.#pool.at(index);
    const startBitrate = options.startBitrate ?? (await startBitrateFor(broadcast));
    return await this.#openViewer(worker, { ...options, startBitrate });
  }

  /** What a broadcaster sends to, over WebRTC, on the least loaded Worker. */
  async openPublisherTransport(options: PublisherTransportOptions): Promise<PublisherTransport> {
    const origin = this.#pool.at(placeBroadcast(this.#pool.loads()));
    const transport = await origin.router.createWebRtcTransport({
      webRtcServer: origin.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      iceConsentTimeout: options.iceConsentSeconds,
    });
    const broadcast = this.#openBroadcast(origin, () => transport.close());
    return new PublisherTransport(transport, broadcast, options);
  }

  closeViewerTransport(viewer: ViewerTransport): void {
    this.#viewers.delete(viewer);
    viewer.close();
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.close();
    this.#viewers.clear();
    for (const broadcast of this.#broadcasts) broadcast.close();
    this.#pool.close();
  }

  async #ingest(origin: SfuWorker, source: RtpSource, onLost: () => void): Promise<RtpIngest> {
    const transport = await origin.router.createPlainTransport({
      listenInfo: {
        protocol: 'udp',
        ip: '127.0.0.1',
        sendBufferSize: 1024 * 1024,
        recvBufferSize: 4 * 1024 * 1024,
      },
      rtcpMux: true,
      comedia: false,
    });
    try {
      await transport.connect(source.address);
      const producers = await produceAll(transport, source);
      const broadcast = this.#openBroadcast(origin, () => transport.close());
      for (const producer of producers) broadcast.add(producer);
      transport.observer.once('close', () => {
        if (broadcast.closed) return;
        broadcast.close();
        onLost();
      });
      return { broadcast, target: { ip: '127.0.0.1', port: transport.tuple.localPort } };
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  async #openViewer(worker: SfuWorker, options: ViewerTransportOptions): Promise<ViewerTransport> {
    const onLost = (reason: string) => {
      this.#viewers.delete(viewer);
      options.onLost(reason);
    };
    const viewer = await ViewerTransport.create(
      this.#pool,
      worker,
      { ...options, onLost },
      this.#log,
    );
    this.#viewers.add(viewer);
    return viewer;
  }

  #openBroadcast(origin: Broadcast['origin'], onClosed: () => void): Broadcast {
    const broadcast: Broadcast = new Broadcast({
      origin,
      carry: (load) => this.#pool.carry(origin, load),
      onClosed: () => {
        this.#broadcasts.delete(broadcast);
        onClosed();
      },
      log: this.#log,
    });
    this.#broadcasts.add(broadcast);
    return broadcast;
  }
}

/** The estimator sends no Layer that it has no room for: begin with room for the lowest that arrives. */
async function startBitrateFor(broadcast: Broadcast | undefined): Promise<number> {
  if (broadcast === undefined) return INITIAL_BITRATE;
  const { streams, besides } = await broadcast.bitrates.read();
  const lowest = streams.find((bitrate) => bitrate > 0) ?? 0;
  return Math.max(INITIAL_BITRATE, Math.round((lowest + besides) * START_HEADROOM));
}

async function produceAll(
  transport: types.Transport,
  source: RtpSource,
): Promise<types.Producer[]> {
  const parameters = [
    { kind: 'video' as const, rtpParameters: videoRtpParameters(source) },
    { kind: 'audio' as const, rtpParameters: audioRtpParameters(source) },
  ];
  const present = parameters.flatMap(({ kind, rtpParameters }) =>
    rtpParameters === undefined ? [] : [{ kind, rtpParameters }],
  );
  if (present.length === 0) throw new SfumatoError('badRequest', 'A source without any track.');
  return await Promise.all(present.map((options) => transport.produce(options)));
}
