import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { z } from 'zod';
import {
  type MediaKind,
  rtpParametersSchema,
  type WireConsumer,
  type WireDtlsParameters,
  type WireIceParameters,
  type WireRtpCapabilities,
  type WireTransport,
} from '../../signaling/contract/index.ts';
import type { Broadcast, BroadcastAtRouter, RouterPlace } from './broadcast.ts';
import type { LayerChange, LayerLimit, Shortage } from './layer-choice.ts';
import { LayerControl } from './layer-control.ts';
import { Link } from './link.ts';
import { candidatesFor } from './listen-addresses.ts';
import type { PayloadTypes } from './media-codecs.ts';
import { SourcedPicture } from './sourced-picture.ts';
import type { SfuWorker } from './sfu-worker.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface ViewerTransportEvents {
  onLayerChange: (change: LayerChange) => void;
  /** What the link carries, bits a second, by the estimator, and the most that it would say. */
  onEstimate?: (availableBitrate: number, maximum: number) => void;
  /** The link carries less than the top Layer, or all of it again. */
  onLinkShort?: (shortage: Shortage) => void;
  /** Called once when the transport ended without `close()`: its Worker died, or the client left. */
  onLost: (reason: string) => void;
  /** ICE and DTLS are up: media can flow. Called once. */
  onConnected?: () => void;
}

export interface ViewerTransportOptions extends ViewerTransportEvents {
  rtpCapabilities: WireRtpCapabilities;
  dtlsParameters: WireDtlsParameters;
  /** What is worth sending. */
  limit: LayerLimit;
  /** Bits a second to begin with, before the estimator knows. */
  startBitrate?: number | undefined;
  /** Where the Viewer's signaling comes from: decides which candidates it is told. */
  remoteAddress: string | undefined;
  /** The client's own numbers, where its offer has fixed them (WHEP). */
  offered?: OfferedNumbers | undefined;
  /** The source is this Viewer's own and sends one Layer, as it is told by whoever reads the estimate. */
  sourced?: boolean | undefined;
}

/** What is done about one Viewer's picture here. */
interface PictureControl {
  /** The client is ready for it. */
  resume(): Promise<void>;
  setLimit(limit: LayerLimit): Promise<void>;
  setEstimate(estimate: number, maximum: number): Promise<void>;
  relieve(lateMs: number): Promise<void>;
  /** Nothing that was lost is sent again, and the picture goes on with a key frame. */
  restart(): Promise<void>;
}

/** What an SDP offer has fixed, by codec and by kind. */
export interface OfferedNumbers {
  payloadTypes: PayloadTypes;
  mids: Partial<Record<MediaKind, string>>;
}

/** Bits a second to begin with, before the estimator knows: the middle Layer of most ladders. */
export const INITIAL_BITRATE = 1_000_000;

/** What we read of mediasoup's `bwe` trace. */
const bweSchema = z.object({ availableBitrate: z.number(), maxBitrate: z.number() });

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
  #limit: LayerLimit;
  #layers: PictureControl | undefined;
  #link: Link | undefined;
  #resumed = false;
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
    this.#limit = options.limit;
    this.#connectTimer = setTimeout(
      () => this.#lose('the connection was never made'),
      CONNECT_TIMEOUT_MS,
    );
    transport.observer.once('close', () => this.#lose('the SFU worker ended'));
    transport.on('trace', (trace) => this.#onTrace(trace));
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
        initialAvailableOutgoingBitrate: options.startBitrate ?? INITIAL_BITRATE,
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

  /** For whoever chooses at the source what is sent; undefined while there is no picture. */
  get link(): Link | undefined {
    const picture = this.#consumers.find(({ kind }) => kind === 'video');
    this.#link ??= picture && new Link(this.#transport, picture);
    return this.#link;
  }

  /**
   * What the client needs to reach us. With the client's certificate known beforehand, nothing more has
   * to be said before media flows.
   *
   * @throws SfumatoError `badRequest` where the DTLS parameters are unusable
   */
  async connect(): Promise<WireTransport> {
    const transport = this.#transport;
    await Promise.all([
      transport.connect({ dtlsParameters: this.#options.dtlsParameters }),
      transport.enableTraceEvent(['bwe']),
    ]);
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
        attached.producers.map((producer) => this.#consume(producer, broadcast)),
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
    this.#layers = undefined;
    this.#link = undefined;
    this.#resumed = false;
    this.#attached?.release();
    this.#attached = undefined;
    this.#putDown();
  }

  async resume(): Promise<void> {
    this.#resumed = true;
    const sound = this.#limit.sound ? this.#audio : undefined;
    await Promise.all([sound?.resume(), this.#layers?.resume()]);
  }

  /** What is worth sending has changed. */
  setLimit(limit: LayerLimit): void {
    const before = this.#limit;
    this.#limit = limit;
    if (this.#resumed && before.sound !== limit.sound) this.#unlessClosed(this.#setSound(limit));
    this.#unlessClosed(this.#layers?.setLimit(limit));
  }

  /** The client sees its link overrun. @param lateMs how much later than at best pictures come, milliseconds */
  relieve(lateMs: number): void {
    this.#unlessClosed(this.#layers?.relieve(lateMs));
  }

  /** Nothing that was lost on its way is sent again: the picture goes on with a key frame, as soon as one comes. */
  async restartPicture(): Promise<void> {
    await this.#layers?.restart();
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

  async #consume(
    producer: types.Producer,
    broadcast: Broadcast,
  ): Promise<types.Consumer | undefined> {
    const { rtpCapabilities, offered } = this.#options;
    const mid = offered?.mids[producer.kind];
    if (offered !== undefined && mid === undefined) return undefined;
    // A browser without the picture's codec still gets the sound, and says what it lacks.
    if (!this.#place.router.canConsume({ producerId: producer.id, rtpCapabilities })) {
      return undefined;
    }
    if (!this.#hasOfferedNumber(producer)) return undefined;
    const isVideo = producer.kind === 'video';
    const consumer = await this.#transport.consume({
      producerId: producer.id,
      rtpCapabilities: offered ? withExtensionsOf(producer.kind, rtpCapabilities) : rtpCapabilities,
      paused: true,
      ...(mid === undefined ? {} : { mid }),
      ...(isVideo ? { preferredLayers: { spatialLayer: 0 } } : {}),
    });
    if (isVideo) this.#layers = this.#controlLayers(consumer, broadcast);
    return consumer;
  }

  /** Our Router could not keep a number that the client has chosen for a codec: packets of it would mean nothing. */
  #hasOfferedNumber({ rtpParameters }: types.Producer): boolean {
    const { offered } = this.#options;
    if (offered === undefined) return true;
    const mimeType = rtpParameters.codecs[0]?.mimeType.toLowerCase() ?? '';
    const { codecs = [] } = this.#place.router.rtpCapabilities;
    const ours = codecs.find((codec) => codec.mimeType.toLowerCase() === mimeType);
    return ours?.preferredPayloadType === offered.payloadTypes[mimeType];
  }

  #controlLayers(consumer: types.Consumer, broadcast: Broadcast): PictureControl {
    if (this.#options.sourced) return new SourcedPicture(consumer, this.#limit);
    return new LayerControl({
      consumer,
      transport: this.#transport,
      bitrates: broadcast.bitrates,
      limit: this.#limit,
      onChange: (change) => this.#options.onLayerChange(change),
      onShort: (shortage) => this.#options.onLinkShort?.(shortage),
      log: this.#log,
    });
  }

  #onTrace(trace: types.TransportTraceEventData): void {
    if (trace.type !== 'bwe') return;
    const { availableBitrate, maxBitrate } = bweSchema.parse(trace.info);
    this.#options.onEstimate?.(availableBitrate, maxBitrate);
    this.#unlessClosed(this.#layers?.setEstimate(availableBitrate, maxBitrate));
  }

  async #setSound({ sound }: LayerLimit): Promise<void> {
    await (sound ? this.#audio?.resume() : this.#audio?.pause());
  }

  /** What was asked of a Worker that has ended meanwhile is no news. */
  #unlessClosed(done: Promise<void> | undefined): void {
    done?.catch((error: unknown) => {
      if (!this.#closed) this.#log.warn({ err: error }, 'a layer could not be asked for');
    });
  }

  get #audio(): types.Consumer | undefined {
    return this.#consumers.find((consumer) => consumer.kind === 'audio');
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
