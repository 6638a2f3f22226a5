import type { Device } from 'mediasoup-client';
import type { Consumer, Transport } from 'mediasoup-client/types';
import type {
  CaptureReference,
  WireConsumer,
  WireIceServer,
  RequestResult,
  WireTransport,
} from '../../../signaling/contract/index.ts';
import type { ClientCertificate } from './certificate.ts';
import { NTP_TO_UNIX_MS, type StatsEntry } from '../figures/statistics.ts';

/** With the field of https://w3c.github.io/webrtc-extensions/#rtcrtpcontributingsource-extensions. */
type SynchronizationSource = RTCRtpSynchronizationSource & { captureTimestamp?: number };

type RestartedIce = RequestResult<'restartIce'>;

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
    const generation = this.#generation++;
    let unready = consumers.length;
    const onRtpReceiver = (receiver: RTCRtpReceiver) => {
      keepBufferShort(receiver);
      unready -= 1;
      if (unready === 0) onReady();
    };
    // All in one tick: mediasoup-client then makes one offer and answer of them.
    this.#consumers = await Promise.all(
      consumers.map((wire) => {
        const streamId = streamIdOf(wire.kind, generation);
        return this.#transport.consume({ ...wire, streamId, onRtpReceiver });
      }),
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

  async restartIce({ iceParameters, iceServers = [] }: RestartedIce): Promise<void> {
    await this.#renewRelays(iceServers);
    await this.#transport.restartIce({ iceParameters });
  }

  /** Those that it came with may have expired: the new ways over a relay need new ones. */
  async #renewRelays(iceServers: WireIceServer[]): Promise<void> {
    if (iceServers.length === 0) return;
    try {
      await this.#transport.updateIceServers({ iceServers });
    } catch (error) {
      // In Firefox mediasoup-client cannot: then the first ones are tried again.
      if (!(error instanceof Error && error.name === 'UnsupportedError')) throw error;
    }
  }

  async statistics(): Promise<StatsEntry[]> {
    const report = await this.#transport.getStats();
    return [...report.values()];
  }

  /** When the video received last was captured; null where its sender does not say (abs-capture-time). */
  captureReference(): CaptureReference | null {
    const source = this.#source('video');
    if (source?.captureTimestamp === undefined) return null;
    const { rtpTimestamp, captureTimestamp } = source;
    return { rtpTimestamp, captureMs: captureTimestamp - NTP_TO_UNIX_MS };
  }

  /** How old the sound was when it was heard last, by the sender's clock and ours; null as above. */
  soundAgeMs(): number | null {
    const source = this.#source('audio');
    if (source?.captureTimestamp === undefined) return null;
    return source.timestamp - (source.captureTimestamp - NTP_TO_UNIX_MS);
  }

  /** RTP timestamp of what the sound's output fetched last, and when, milliseconds since the Unix epoch. */
  soundFetched(): { rtpTimestamp: number; atMs: number } | null {
    const source = this.#source('audio');
    return source === undefined
      ? null
      : { rtpTimestamp: source.rtpTimestamp, atMs: source.timestamp };
  }

  #source(kind: 'audio' | 'video'): SynchronizationSource | undefined {
    const receiver = this.#consumers.find((consumer) => consumer.kind === kind)?.rtpReceiver;
    return receiver?.getSynchronizationSources()[0];
  }

  /** RTP timestamp of the picture that was handed to its track last; undefined where the browser does not tell. */
  pictureTimestamp(): number | undefined {
    return this.#source('video')?.rtpTimestamp;
  }

  /** @param targets how long picture and sound wait in their jitter buffers at least, milliseconds */
  holdBack(targets: { picture: number; sound: number }): void {
    for (const { kind, rtpReceiver } of this.#consumers) {
      const target = kind === 'video' ? targets.picture : targets.sound;
      if (rtpReceiver !== undefined) setBufferTarget(rtpReceiver, target);
    }
  }

  close(): void {
    this.#consumers = [];
    this.#transport.close();
  }
}

/** The least delay that the browser's jitter buffer can do; it still grows with the jitter that it meets. */
function keepBufferShort(receiver: RTCRtpReceiver): void {
  setBufferTarget(receiver, 0);
}

function setBufferTarget(receiver: RTCRtpReceiver, targetMs: number): void {
  if (!('jitterBufferTarget' in receiver) || receiver.jitterBufferTarget === targetMs) return;
  receiver.jitterBufferTarget = targetMs;
}

/**
 * Tracks of one stream are synchronised by the browser, which holds the picture back until it is as late as
 * the sound, however late that is. Where we can hold it back ourselves (`playout-delay.ts`), each has a stream.
 */
function streamIdOf(kind: 'audio' | 'video', generation: number): string {
  const ours = 'jitterBufferTarget' in RTCRtpReceiver.prototype;
  return ours ? `sfumato-${generation}-${kind}` : `sfumato-${generation}`;
}
