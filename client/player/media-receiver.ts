import type { Device } from 'mediasoup-client';
import type { Consumer, Transport } from 'mediasoup-client/types';
import type {
  WireConsumer,
  WireIceParameters,
  WireTransport,
} from '../../signaling/contract/index.ts';
import type { ClientCertificate } from './certificate.ts';
import type { CaptureReference } from './latency.ts';
import { NTP_TO_UNIX_MS, type StatsEntry } from './statistics.ts';

/** With the field of https://w3c.github.io/webrtc-extensions/#rtcrtpcontributingsource-extensions. */
type SynchronizationSource = RTCRtpSynchronizationSource & { captureTimestamp?: number };

export type MediaReceiverEvents = {
  connected: () => void;
  /** Packets stopped getting through; it may heal by itself or by an ICE restart. */
  interrupted: () => void;
  failed: () => void;
};

/** Our end of the transport that pictures and sound arrive by: one RTCPeerConnection. */
export class MediaReceiver {
  readonly #transport: Transport;
  #consumers: Consumer[] = [];
  #generation = 0;

  constructor(
    device: Device,
    { certificate }: ClientCertificate,
    wire: WireTransport,
    events: MediaReceiverEvents,
  ) {
    this.#transport = device.createRecvTransport({
      ...wire,
      additionalSettings: { certificates: [certificate] },
    });
    // The server has had the fingerprint since the join: there is nothing to tell, nothing to wait for.
    this.#transport.on('connect', (_parameters, done) => done());
    this.#transport.on('connectionstatechange', (state) => {
      if (state === 'connected') events.connected();
      if (state === 'disconnected') events.interrupted();
      if (state === 'failed') events.failed();
    });
  }

  /**
   * Takes what the server sends from now on, in place of what it sent before.
   *
   * @param onReady called as early as packets may come: the browser knows the streams, though it has not
   *   answered the offer yet. On a new transport nothing can arrive before that.
   * @throws mediasoup-client's UnsupportedError where the browser cannot take them
   */
  async receive(
    consumers: readonly WireConsumer[],
    onReady: () => void,
  ): Promise<MediaStreamTrack[]> {
    const before = this.#consumers;
    const streamId = `sfumato-${this.#generation++}`;
    let unready = consumers.length;
    const onRtpReceiver = (receiver: RTCRtpReceiver) => {
      keepBufferShort(receiver);
      unready -= 1;
      if (unready === 0) onReady();
    };
    // All in one tick: mediasoup-client then makes one offer and answer of them.
    this.#consumers = await Promise.all(
      consumers.map((wire) => this.#transport.consume({ ...wire, streamId, onRtpReceiver })),
    );
    for (const consumer of before) consumer.close();
    return this.#consumers.map(({ track }) => track);
  }

  /** Has it received nothing yet, not even an offer? */
  get fresh(): boolean {
    return this.#transport.connectionState === 'new';
  }

  /** Do packets still get through? */
  get connected(): boolean {
    return this.#transport.connectionState === 'connected';
  }

  async restartIce(iceParameters: WireIceParameters): Promise<void> {
    await this.#transport.restartIce({ iceParameters });
  }

  async statistics(): Promise<StatsEntry[]> {
    const report = await this.#transport.getStats();
    return [...report.values()];
  }

  /** When the video received last was captured; null where its sender does not say (abs-capture-time). */
  captureReference(): CaptureReference | null {
    const video = this.#consumers.find(({ kind }) => kind === 'video')?.rtpReceiver;
    const source: SynchronizationSource | undefined = video?.getSynchronizationSources()[0];
    if (source?.captureTimestamp === undefined) return null;
    const { rtpTimestamp, captureTimestamp } = source;
    return { rtpTimestamp, captureMs: captureTimestamp - NTP_TO_UNIX_MS };
  }

  close(): void {
    this.#consumers = [];
    this.#transport.close();
  }
}

/** The least delay that the browser's jitter buffer can do; it still grows with the jitter that it meets. */
function keepBufferShort(receiver: RTCRtpReceiver): void {
  if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
}
