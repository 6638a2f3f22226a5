import type { Device } from 'mediasoup-client';
import type { Producer, RtpCodecCapability, Transport } from 'mediasoup-client/types';
import {
  type MediaKind,
  rtpParametersSchema,
  type TrackSource,
  trackSourceSchema,
  type WireRtpParameters,
  type WireTransport,
} from '../../signaling/contract/index.ts';
import type { ClientCertificate } from '../player/receiving/certificate.ts';
import { CODECS, type CodecName } from './codec-choice.ts';
import {
  activeLayers,
  capToLink,
  type LayerPlan,
  type PictureSize,
  planLayers,
} from './layer-plan.ts';
import type { Outgoing } from './local-media.ts';
import type { StatsEntry } from './sending-figures.ts';
import { planSvc, svcEncoding } from './svc-plan.ts';

export type ProduceRequest = {
  kind: MediaKind;
  source: TrackSource;
  rtpParameters: WireRtpParameters;
};

/** As mediasoup-client hands it over. */
type TransportProduceRequest = {
  kind: MediaKind;
  rtpParameters: unknown;
  appData: Record<string, unknown>;
};

export type MediaSenderPort = {
  /** Asks the server to take a track. @returns the Producer's id */
  produce(request: ProduceRequest): Promise<string>;
  closeProducer(producerId: string): Promise<unknown>;
  /** What the link carries, bits a second; null where that is not known. */
  linkBitrate(): number | null;
  link(change: 'mediaConnected' | 'mediaInterrupted' | 'mediaFailed'): void;
};

/** The first guess of what the link carries, kbit/s: enough for the lower Layers at once, then it ramps. */
const START_KBPS = 1_000;

/** Our end of the transport that pictures and sound leave by: one RTCPeerConnection. */
export class MediaSender {
  readonly #device: Device;
  readonly #transport: Transport;
  readonly #port: MediaSenderPort;
  readonly #producers = new Map<MediaKind, Producer>();
  #maxSpatialLayer = Number.POSITIVE_INFINITY;
  /** How many Layers the one stream of the picture was announced with; null where each has a stream of its own. */
  #svcLayers: number | null = null;
  #videoCodec: CodecName | null = null;

  constructor(
    device: Device,
    { certificate }: ClientCertificate,
    wire: WireTransport,
    port: MediaSenderPort,
  ) {
    this.#device = device;
    this.#port = port;
    this.#transport = device.createSendTransport({
      ...wire,
      additionalSettings: { certificates: [certificate] },
    });
    // The server has had the fingerprint since `goLive`: there is nothing to tell.
    this.#transport.on('connect', (_parameters, done) => done());
    this.#transport.on('produce', (request, done, fail) => {
      this.#askToProduce(request, done).catch(fail);
    });
    this.#transport.on('connectionstatechange', (state) => {
      if (state === 'connected') this.#port.link('mediaConnected');
      if (state === 'disconnected') this.#port.link('mediaInterrupted');
      if (state === 'failed') this.#port.link('mediaFailed');
    });
  }

  get svcLayers(): number | null {
    return this.#svcLayers;
  }

  /**
   * Sends this from now on, in place of what was sent of its kind; null: nothing of it any more.
   *
   * @throws SfumatoError the server's reason; mediasoup-client's UnsupportedError
   */
  async send(kind: MediaKind, outgoing: Outgoing | null, codec: CodecName): Promise<void> {
    const producer = this.#producers.get(kind);
    if (outgoing === null) return this.#stop(kind);
    if (producer === undefined) return this.#produce(kind, outgoing, codec);
    if (kind === 'video' && this.#needsAnother(outgoing.track, codec)) {
      await this.#stop(kind);
      return this.#produce(kind, outgoing, codec);
    }
    if (producer.track === outgoing.track) return;
    await producer.replaceTrack({ track: outgoing.track });
    await this.updateLayers();
  }

  /** Layers above this one are watched by nobody: they are not encoded. */
  async limitLayers(maxSpatialLayer: number): Promise<void> {
    this.#maxSpatialLayer = maxSpatialLayer;
    await this.updateLayers();
  }

  /** Fits the encodings to the picture's present size, and to who watches. */
  async updateLayers(): Promise<void> {
    const producer = this.#producers.get('video');
    const sender = producer?.rtpSender;
    if (!producer?.track || sender === undefined) return;
    const parameters = sender.getParameters();
    const { encodings } = parameters;
    const wanted = this.#wantedEncodings(producer.track, encodings.length);
    for (const [index, encoding] of encodings.entries()) Object.assign(encoding, wanted[index]);
    await sender.setParameters(parameters);
  }

  async statistics(): Promise<StatsEntry[]> {
    const report = await this.#transport.getStats();
    return [...report.values()];
  }

  close(): void {
    this.#transport.close();
  }

  async #produce(kind: MediaKind, { track, source }: Outgoing, codec: CodecName): Promise<void> {
    const producer = await this.#transport.produce({
      track,
      // The tracks are the person's: a lost connection must not end them.
      stopTracks: false,
      disableTrackOnPause: false,
      appData: { source },
      ...(kind === 'video' ? this.#videoOptions(track, codec) : AUDIO_OPTIONS),
    });
    this.#producers.set(kind, producer);
    if (kind !== 'video') return;
    this.#videoCodec = codec;
    this.#svcLayers = codec === 'VP9' ? this.#svcPlanFor(track).length : null;
    await this.updateLayers();
  }

  #wantedEncodings(track: MediaStreamTrack, count: number): object[] {
    if (this.#svcLayers !== null) {
      return [svcEncoding(this.#svcPlanFor(track), this.#maxSpatialLayer)];
    }
    const active = activeLayers(count, this.#maxSpatialLayer);
    const plan = this.#planFor(track).slice(-count);
    return active.map((isActive, index) => ({ ...plan[index], active: isActive }));
  }

  /** Codec and the Layers of one stream are announced once: with others, it is another Producer. */
  #needsAnother(track: MediaStreamTrack, codec: CodecName): boolean {
    if (this.#videoCodec !== codec) return true;
    return this.#svcLayers !== null && this.#svcPlanFor(track).length !== this.#svcLayers;
  }

  async #askToProduce(
    { kind, rtpParameters, appData }: TransportProduceRequest,
    done: (answer: { id: string }) => void,
  ): Promise<void> {
    const id = await this.#port.produce({
      kind,
      source: trackSourceSchema.parse(appData['source']),
      rtpParameters: rtpParametersSchema.parse(rtpParameters),
    });
    done({ id });
  }

  #videoOptions(track: MediaStreamTrack, codec: CodecName) {
    const found = this.#codecs().find(({ mimeType }) => nameOf(mimeType) === codec);
    const encodings =
      codec === 'VP9'
        ? [svcEncoding(this.#svcPlanFor(track), Number.POSITIVE_INFINITY)]
        : this.#planFor(track);
    return {
      encodings,
      codecOptions: { videoGoogleStartBitrate: START_KBPS },
      ...(found !== undefined && { codec: found }),
    };
  }

  #planFor(track: MediaStreamTrack): LayerPlan[] {
    return planFor(track, this.#port.linkBitrate());
  }

  #svcPlanFor(track: MediaStreamTrack): LayerPlan[] {
    return planFor(track, this.#port.linkBitrate(), 'VP9');
  }

  #codecs(): RtpCodecCapability[] {
    return this.#device.sendRtpCapabilities.codecs ?? [];
  }

  async #stop(kind: MediaKind): Promise<void> {
    const producer = this.#producers.get(kind);
    if (producer === undefined) return;
    this.#producers.delete(kind);
    producer.close();
    await this.#port.closeProducer(producer.id);
  }
}

/** Stereo costs nothing where the source is mono; FEC and pauses of silence are Opus's own. */
const AUDIO_OPTIONS = { codecOptions: { opusStereo: true, opusFec: true, opusDtx: false } };

/** Until the track says how large it is, a common size stands for it. */
const ASSUMED = { width: 1280, height: 720, frameRate: 30 };

/**
 * As many Layers as the picture is worth, at the bitrates that the link carries.
 *
 * @param linkBitrate bits a second; null: not known
 * @param codec VP9 has fewer Layers of small pictures
 */
export function planFor(
  track: MediaStreamTrack,
  linkBitrate: number | null,
  codec?: CodecName,
): LayerPlan[] {
  const size = sizeOf(track);
  return capToLink(codec === 'VP9' ? planSvc(size) : planLayers(size), linkBitrate);
}

/** What a track says of its pictures, or a common size. */
export function sizeOf(track: MediaStreamTrack | undefined): PictureSize {
  const { width, height, frameRate } = { ...ASSUMED, ...track?.getSettings() };
  return { width, height, framesPerSecond: frameRate };
}

const nameOf = (mimeType: string) => mimeType.split('/')[1]?.toUpperCase();

/** VP9 is for Layers in one stream, which Chromium makes; others take the wish for them and send one Layer. */
const MAKES_SVC = 'Chrome111';

/** The codecs of a loaded device that a broadcast may use. */
export function sendableCodecs(device: Device): Set<CodecName> {
  const names = (device.sendRtpCapabilities.codecs ?? []).map(({ mimeType }) => nameOf(mimeType));
  const usable = CODECS.filter((name) => name !== 'VP9' || device.handlerName === MAKES_SVC);
  return new Set(usable.filter((name) => names.includes(name)));
}
