import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import {
  type LayerReason,
  type MediaKind,
  type PreferredLayer,
  rtpParametersSchema,
  type WireConsumer,
  type WireDtlsParameters,
  type WireIceParameters,
  type WireRtpCapabilities,
  type WireTransport,
} from '../../signaling/contract/index.ts';
import type { Broadcast, BroadcastAtRouter, RouterPlace } from './broadcast.ts';
import { climb, FIRST_STEP } from './climb.ts';
import { type LayerState, layerReason, layerToAskFor } from './layer-choice.ts';
import { candidatesFor } from './listen-addresses.ts';
import type { PayloadTypes } from './media-codecs.ts';
import type { SfuWorker } from './sfu-worker.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface LayerChange {
  spatialLayer: number | null;
  reason: LayerReason;
  availableBitrate?: number;
}

export interface ViewerTransportEvents {
  onLayerChange: (change: LayerChange) => void;
  /** Called once when the transport ended without `close()`: its Worker died, or the client left. */
  onLost: (reason: string) => void;
  /** ICE and DTLS are up: media can flow. Called once. */
  onConnected?: () => void;
}

export interface ViewerTransportOptions extends ViewerTransportEvents {
  rtpCapabilities: WireRtpCapabilities;
  dtlsParameters: WireDtlsParameters;
  preferredLayer: PreferredLayer;
  /** Where the Viewer's signaling comes from: decides which candidates it is told. */
  remoteAddress: string | undefined;
  /** The client's own numbers, where its offer has fixed them (WHEP). */
  offered?: OfferedNumbers | undefined;
}

/** What an SDP offer has fixed, by codec and by kind. */
export interface OfferedNumbers {
  payloadTypes: PayloadTypes;
  mids: Partial<Record<MediaKind, string>>;
}

/** Bits a second to begin with, before the estimator knows: the middle Layer of most ladders. */
const INITIAL_BITRATE = 1_000_000;

const CLIMB_INTERVAL_MS = 1_000;

/** A transport whose DTLS has not come up by then is somebody who will not come. */
const CONNECT_TIMEOUT_MS = 15_000;

/** One Viewer's connection: its WebRtcTransport on a Worker and the Consumers of what it watches. */
export class ViewerTransport {
  readonly #place: ViewerPlace;
  readonly #pool: WorkerPool;
  readonly #transport: types.WebRtcTransport;
  readonly #options: ViewerTransportOptions;
  readonly #log: Logger;
  readonly #connectTimer: NodeJS.Timeout;
  #consumers: types.Consumer[] = [];
  #attached: BroadcastAtRouter | undefined;
  #putDown: () => void = () => undefined;
  #layers: LayerState;
  #closed = false;

  private constructor(
    pool: WorkerPool,
    place: ViewerPlace,
    transport: types.WebRtcTransport,
    options: ViewerTransportOptions,
    log: Logger,
  ) {
    this.#pool = pool;
    this.#place = place;
    this.#transport = transport;
    this.#options = options;
    this.#log = log;
    this.#layers = { current: null, top: 0, preferred: options.preferredLayer, started: false };
    this.#connectTimer = setTimeout(
      () => this.#lose('the connection was never made'),
      CONNECT_TIMEOUT_MS,
    );
    transport.observer.once('close', () => this.#lose('the SFU worker ended'));
    transport.on('dtlsstatechange', (state) => this.#onDtlsState(state));
  }

  static async create(
    pool: WorkerPool,
    worker: SfuWorker,
    options: ViewerTransportOptions,
    log: Logger,
  ): Promise<ViewerTransport> {
    const place = await placeAt(worker, options.offered);
    try {
      const transport = await place.router.createWebRtcTransport({
        webRtcServer: worker.webRtcServer,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: INITIAL_BITRATE,
      });
      return new ViewerTransport(pool, place, transport, options, log);
    } catch (error) {
      place.release();
      throw error;
    }
  }

  get worker(): SfuWorker {
    return this.#place.worker;
  }

  /**
   * What the client needs to reach us. With the client's certificate known beforehand, nothing more has
   * to be said before media flows.
   *
   * @throws SfumatoError `badRequest` where the DTLS parameters are unusable
   */
  async connect(): Promise<WireTransport> {
    const transport = this.#transport;
    await transport.connect({ dtlsParameters: this.#options.dtlsParameters });
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    return {
      id,
      iceParameters,
      iceCandidates: candidatesFor(this.#options.remoteAddress, iceCandidates),
      dtlsParameters: {
        fingerprints: dtlsParameters.fingerprints,
        // The client offered its own role and so knows ours; mediasoup would say `auto`.
        role: this.#options.dtlsParameters.role === 'server' ? 'client' : 'server',
      },
    };
  }

  /** Consumes what is on air, paused, instead of whatever was consumed before. */
  async watch(broadcast: Broadcast | undefined): Promise<WireConsumer[]> {
    this.unwatch();
    if (broadcast === undefined) return [];
    const attached = await broadcast.attach(this.#place);
    try {
      const consumers = await Promise.all(
        attached.producers.map((producer) => this.#consume(producer)),
      );
      this.#attached = attached;
      this.#consumers = consumers.filter((consumer) => consumer !== undefined);
      this.#putDown = this.#pool.carry(this.worker, this.#consumers.length);
    } catch (error) {
      attached.release();
      throw error;
    }
    return this.#consumers.map(toWire);
  }

  unwatch(): void {
    for (const consumer of this.#consumers) consumer.close();
    this.#consumers = [];
    this.#attached?.release();
    this.#attached = undefined;
    this.#putDown();
  }

  async resume(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.resume()));
    // mediasoup reports layers only where there are several.
    if (this.#video?.type === 'simple') this.#onLayer(0);
  }

  async setPreferredLayer(preferred: PreferredLayer): Promise<void> {
    this.#layers.preferred = preferred;
    await this.#askForLayer();
    this.#tellLayer();
  }

  async restartIce(): Promise<WireIceParameters> {
    return await this.#transport.restartIce();
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#connectTimer);
    this.unwatch();
    this.#transport.close();
    this.#place.release();
  }

  async #consume(producer: types.Producer): Promise<types.Consumer | undefined> {
    const { rtpCapabilities, offered } = this.#options;
    const mid = offered?.mids[producer.kind];
    if (offered !== undefined && mid === undefined) return undefined;
    // A browser without the picture's codec still gets the sound, and says what it lacks.
    if (!this.#place.router.canConsume({ producerId: producer.id, rtpCapabilities })) {
      return undefined;
    }
    const isVideo = producer.kind === 'video';
    const consumer = await this.#transport.consume({
      producerId: producer.id,
      rtpCapabilities: offered ? withExtensionsOf(producer.kind, rtpCapabilities) : rtpCapabilities,
      paused: true,
      ...(mid === undefined ? {} : { mid }),
      ...(isVideo ? { preferredLayers: { spatialLayer: 0 } } : {}),
    });
    if (isVideo) this.#followLayers(consumer);
    return consumer;
  }

  #followLayers(consumer: types.Consumer): void {
    const top = spatialLayers(consumer.rtpParameters.encodings?.[0]?.scalabilityMode) - 1;
    const byLoss = hasEstimate(consumer) ? undefined : 0;
    this.#layers = { ...this.#layers, current: null, top, started: false, byLoss };
    consumer.on('layerschange', (layers) => this.#onLayer(layers?.spatialLayer ?? null));
  }

  #onLayer(current: number | null): void {
    this.#layers.current = current;
    if (!this.#layers.started && current !== null) {
      this.#layers.started = true;
      this.#askForLayer().catch((error: unknown) => this.#logUnlessClosed(error));
      if (this.#goesByLoss) this.#climb();
    }
    this.#tellLayer();
  }

  /** Is there no estimate of what the link carries, because the client gave its extensions other numbers? */
  get #goesByLoss(): boolean {
    const { top, byLoss } = this.#layers;
    return top > 0 && byLoss !== undefined;
  }

  /** Goes up Layer by Layer for as long as nothing is lost. */
  #climb(): void {
    let climbing = FIRST_STEP;
    const video = this.#video;
    const step = async () => {
      const stats = await video?.getStats();
      const sent = stats?.find(({ type }) => type === 'outbound-rtp');
      // Eight bits, of the receiver's last report (RFC 3550 section 6.4.1).
      climbing = climb(climbing, (sent?.fractionLost ?? 0) / 256, this.#layers.top);
      if (this.#layers.byLoss === climbing.layer) return;
      this.#layers.byLoss = climbing.layer;
      await this.#askForLayer();
    };
    const timer = setInterval(() => {
      step().catch((error: unknown) => this.#logUnlessClosed(error));
    }, CLIMB_INTERVAL_MS);
    video?.observer.once('close', () => clearInterval(timer));
  }

  async #askForLayer(): Promise<void> {
    const spatialLayer = layerToAskFor(this.#layers);
    const video = this.#video;
    if (video?.type === 'simulcast') await video.setPreferredLayers({ spatialLayer });
  }

  get #video(): types.Consumer | undefined {
    return this.#consumers.find((consumer) => consumer.kind === 'video');
  }

  #tellLayer(): void {
    const { current } = this.#layers;
    this.#options.onLayerChange({ spatialLayer: current, reason: layerReason(this.#layers) });
  }

  #onDtlsState(state: types.DtlsState): void {
    if (state === 'connected') {
      clearTimeout(this.#connectTimer);
      this.#options.onConnected?.();
    }
    if (state === 'failed') this.#lose('the secure connection failed');
    if (state === 'closed') this.#lose('the viewer closed the connection');
  }

  #lose(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#options.onLost(reason);
  }

  #logUnlessClosed(error: unknown): void {
    if (!this.#closed) this.#log.warn({ err: error }, 'a layer could not be asked for');
  }
}

/** Where a Viewer's transport is; `release` lets go of a Router that was made for its kind. */
interface ViewerPlace extends RouterPlace {
  release(): void;
}

async function placeAt(
  worker: SfuWorker,
  offered: OfferedNumbers | undefined,
): Promise<ViewerPlace> {
  if (offered === undefined) return { worker, router: worker.router, release: () => undefined };
  return { worker, ...(await worker.shareRouter(offered.payloadTypes)) };
}

/** The estimator needs feedback on every packet, and so a number in each (transport-wide or a time). */
function hasEstimate({ rtpParameters }: types.Consumer): boolean {
  return (rtpParameters.headerExtensions ?? []).some(({ uri }) =>
    /transport-wide-cc|abs-send-time/.test(uri),
  );
}

/** The number of spatial layers in a scalability mode such as `L3T1` or `S3T3`. */
function spatialLayers(scalabilityMode: string | undefined): number {
  const match = scalabilityMode?.match(/^[LS](\d)/);
  return match?.[1] === undefined ? 1 : Number(match[1]);
}

/**
 * mediasoup goes by an extension's number and URI, and not by the kind of media that an SDP offer has it for.
 * A page of ours lists each extension once, for both kinds.
 */
function withExtensionsOf(kind: types.MediaKind, capabilities: types.RtpCapabilities) {
  const { headerExtensions = [] } = capabilities;
  return {
    ...capabilities,
    headerExtensions: headerExtensions.filter((one) => one.kind === undefined || one.kind === kind),
  };
}

function toWire({ id, producerId, kind, rtpParameters }: types.Consumer): WireConsumer {
  return { id, producerId, kind, rtpParameters: rtpParametersSchema.parse(rtpParameters) };
}
