import type {
  ChannelInfo,
  DeviceReport,
  LayerReason,
  PreferredLayer,
  QualityReport,
  RequestData,
  RequestResult,
} from '../../signaling/contract/index.ts';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { DeviceWatch } from '../sfu/device-watch.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { LayerChange, LayerLimit } from '../sfu/layer-choice.ts';
import type { OfferedNumbers, ViewerTransport } from '../sfu/viewer-transport.ts';
import type { Attendance } from './audience.ts';
import type { Channel } from './channel.ts';
import type { Channels } from './channels.ts';
import { atMostEvery } from './throttle.ts';

/** What a Viewer is told unasked. */
export interface ViewerEvents {
  channelChanged(channel: ChannelInfo): void;
  layerChanged(change: LayerChange): void;
  linkEstimate?(availableBitrate: number): void;
  transportLost(message: string): void;
  /** ICE and DTLS are up: media can flow. */
  connected?(): void;
}

export interface ViewerMetrics {
  joined(): void;
  layerChanged(reason: LayerReason): void;
  qualityReported(quality: QualityReport): void;
  /** A Viewer went: how it had been. */
  ended(quality: QualityReport): void;
}

/** How often a Viewer is told of changes at most: with a thousand of them, each one's coming is news. */
const CHANGE_INTERVAL_MS = 1_000;

/** One person watching one Channel at a time, over one transport. */
export class Viewer {
  readonly #sfu: Sfu;
  readonly #channels: Channels;
  readonly #remoteAddress: string | undefined;
  readonly #events: ViewerEvents;
  readonly #metrics: ViewerMetrics;
  readonly #offered: OfferedNumbers | undefined;
  #transport: ViewerTransport | undefined;
  #leaveChannel: () => void = () => undefined;
  #attendance: Attendance | undefined;
  readonly #device = new DeviceWatch((limit) => this.#setLimit(limit));
  #quality: QualityReport | undefined;
  #closed = false;

  constructor(options: {
    sfu: Sfu;
    channels: Channels;
    remoteAddress: string | undefined;
    events: ViewerEvents;
    metrics: ViewerMetrics;
    /** The numbers that the client has fixed in an SDP offer (WHEP). */
    offered?: OfferedNumbers;
  }) {
    this.#sfu = options.sfu;
    this.#channels = options.channels;
    this.#remoteAddress = options.remoteAddress;
    this.#events = options.events;
    this.#metrics = options.metrics;
    this.#offered = options.offered;
  }

  /** @throws SfumatoError `notFound`, `badRequest`, `unavailable` */
  async join(request: RequestData<'join'>): Promise<RequestResult<'join'>> {
    const channel = this.#channels.get(request.channelId);
    this.leave();
    this.#device.prefer(request.preferredLayer);
    if (request.device !== undefined) this.#device.report(request.device);
    this.#device.offer(channel.info().layers);
    const viewerTransport = await this.#openTransport(channel, request);
    try {
      const [transport, watched] = await Promise.all([
        viewerTransport.connect(),
        this.#watch(viewerTransport, channel),
      ]);
      this.#metrics.joined();
      return { transport, ...watched };
    } catch (error) {
      this.leave();
      throw asJoinError(error);
    }
  }

  /** @throws SfumatoError `notFound`, `notJoined`, `unavailable` */
  async zap(channelId: string): Promise<RequestResult<'zap'>> {
    return await this.#watch(this.#joined(), this.#channels.get(channelId));
  }

  async resume(): Promise<void> {
    await this.#joined().resume();
  }

  setPreferredLayer(layer: PreferredLayer): void {
    this.#joined();
    this.#device.prefer(layer);
  }

  /** @throws SfumatoError `notJoined` */
  reportDevice(report: DeviceReport): void {
    this.#joined();
    this.#device.report(report);
  }

  /** @throws SfumatoError `notJoined` */
  reportCongestion(lateMs: number): void {
    this.#joined().relieve(lateMs);
  }

  /** @throws SfumatoError `notJoined` */
  reportQuality(report: QualityReport): void {
    this.#joined();
    this.#quality = report;
    this.#metrics.qualityReported(report);
  }

  async restartIce(): Promise<RequestResult<'restartIce'>> {
    return { iceParameters: await this.#joined().restartIce() };
  }

  /** Idempotent. */
  leave(): void {
    if (this.#quality !== undefined) this.#metrics.ended(this.#quality);
    this.#quality = undefined;
    this.#leaveChannel();
    this.#leaveChannel = () => undefined;
    if (this.#transport !== undefined) this.#sfu.closeViewerTransport(this.#transport);
    this.#transport = undefined;
  }

  close(): void {
    this.#closed = true;
    this.leave();
    this.#device.close();
  }

  /** Is there a connection that media could still be flowing over? */
  get watching(): boolean {
    return this.#transport !== undefined;
  }

  async #openTransport(channel: Channel, request: RequestData<'join'>): Promise<ViewerTransport> {
    const { rtpCapabilities, dtlsParameters } = request;
    const transport = await this.#sfu.openViewerTransport(channel.broadcast, {
      rtpCapabilities,
      dtlsParameters,
      limit: this.#device.limit,
      startBitrate: request.startBitrate,
      remoteAddress: this.#remoteAddress,
      offered: this.#offered,
      onConnected: () => this.#events.connected?.(),
      onLayerChange: (change) => {
        this.#metrics.layerChanged(change.reason);
        this.#attendance?.get(change);
        this.#device.sent(change.spatialLayer);
        this.#events.layerChanged(change);
      },
      onEstimate: (availableBitrate) => this.#events.linkEstimate?.(availableBitrate),
      onLinkShort: (shortage) => this.#attendance?.runShort(shortage),
      onLost: (reason) => {
        if (this.#transport !== transport) return;
        this.leave();
        this.#events.transportLost(reason);
      },
    });
    // The socket may have gone while the Worker was asked.
    if (this.#closed) {
      this.#sfu.closeViewerTransport(transport);
      throw notJoined();
    }
    this.#transport = transport;
    return transport;
  }

  #setLimit(limit: LayerLimit): void {
    this.#attendance?.want(limit);
    this.#transport?.setLimit(limit);
  }

  #joined(): ViewerTransport {
    if (this.#transport === undefined) throw notJoined();
    return this.#transport;
  }

  async #watch(transport: ViewerTransport, channel: Channel): Promise<RequestResult<'zap'>> {
    // Both read before the wait: what is on air may be another broadcast after it.
    const { broadcast } = channel;
    const info = channel.info();
    const consumers = await transport.watch(broadcast);
    if (this.#transport !== transport) throw notJoined();
    this.#enter(channel, info.broadcastId);
    return { channel: { ...info, viewers: channel.viewers }, consumers };
  }

  /** @param known the broadcast that the Viewer has been given, so that another one is news */
  #enter(channel: Channel, known: string | undefined): void {
    this.#leaveChannel();
    const attendance = channel.enter();
    attendance.want(this.#device.limit);
    this.#attendance = attendance;
    const tell = atMostEvery(CHANGE_INTERVAL_MS, () => this.#events.channelChanged(channel.info()));
    let told = newsOf({ broadcastId: known });
    const onChange = () => {
      const info = channel.info();
      this.#device.offer(info.layers);
      const news = newsOf(info);
      // Coming on or going off air is told at once, a count can wait.
      if (news === told) return tell.soon();
      told = news;
      tell.now();
    };
    const unlisten = channel.onChange(onChange);
    this.#leaveChannel = () => {
      unlisten();
      tell.cancel();
      this.#attendance = undefined;
      attendance.leave();
    };
    if (channel.info().broadcastId !== known) onChange();
  }
}

/** What a Viewer must learn at once when it changes. */
function newsOf({ broadcastId, reconnecting = false }: NewsSource): string {
  return `${broadcastId ?? ''} ${reconnecting}`;
}

type NewsSource = Pick<ChannelInfo, 'broadcastId' | 'reconnecting'>;

function notJoined(): SfumatoError {
  return new SfumatoError('notJoined', 'Nothing is being watched on this connection.', {
    hint: 'Send `join` first.',
  });
}

/** mediasoup answers unusable parameters with a TypeError: the client's fault, and told so. */
function asJoinError(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  return new SfumatoError('badRequest', `The parameters cannot be used: ${error.message}`, {
    cause: error,
  });
}
