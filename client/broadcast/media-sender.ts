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
import type { ClientCertificate } from '../player/certificate.ts';
import type { CodecName } from './codec-choice.ts';
import { activeLayers, capToLink, type LayerPlan, planLayers } from './layer-plan.ts';
import type { Outgoing } from './local-media.ts';
import type { StatsEntry } from './sending-figures.ts';

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

  /**
   * Sends this from now on, in place of what was sent of its kind; null: nothing of it any more.
   *
   * @throws SfumatoError the server's reason; mediasoup-client's UnsupportedError
   */
  async send(kind: MediaKind, outgoing: Outgoing | null, codec: CodecName): Promise<void> {
    const producer = this.#producers.get(kind);
    if (outgoing === null) return this.#stop(kind);
    if (producer === undefined) return this.#produce(kind, outgoing, codec);
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
    const plan = this.#planFor(producer.track).slice(-encodings.length);
    const active = activeLayers(encodings.length, this.#maxSpatialLayer);
    for (const [index, encoding] of encodings.entries()) {
      Object.assign(encoding, plan[index], { active: active[index] });
    }
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
    if (kind === 'video') await this.updateLayers();
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
    return {
      encodings: this.#planFor(track),
      codecOptions: { videoGoogleStartBitrate: START_KBPS },
      ...(found !== undefined && { codec: found }),
    };
  }

  #planFor(track: MediaStreamTrack): LayerPlan[] {
    return planFor(track, this.#port.linkBitrate());
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
 */
export function planFor(track: MediaStreamTrack, linkBitrate: number | null): LayerPlan[] {
  const { width, height, frameRate } = { ...ASSUMED, ...track.getSettings() };
  const plan = planLayers({ width, height, framesPerSecond: frameRate });
  return capToLink(plan, linkBitrate);
}

const nameOf = (mimeType: string) => mimeType.split('/')[1]?.toUpperCase();

/** The codecs of a loaded device that a broadcast may use. */
export function sendableCodecs(device: Device): Set<CodecName> {
  const names = (device.sendRtpCapabilities.codecs ?? []).map(({ mimeType }) => nameOf(mimeType));
  return new Set((['H264', 'VP8'] as const).filter((name) => names.includes(name)));
}
