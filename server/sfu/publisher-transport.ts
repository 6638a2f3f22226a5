import type { types } from 'mediasoup';
import {
  type MediaKind,
  SfumatoError,
  type WireDtlsParameters,
  type WireIceParameters,
  type WireRtpParameters,
  type WireTransport,
} from '../../signaling/contract/index.ts';
import type { Broadcast } from './broadcast.ts';
import { EncoderClock } from './encoder-clock.ts';
import { candidatesFor } from './listen-addresses.ts';
import { type ReceivedMedia, receivedMedia } from './received-media.ts';
import { readSenderReports } from './reported-moment.ts';
import { ABS_CAPTURE_TIME_URI } from './rtp-publishing.ts';

export interface PublisherTransportOptions {
  /** Where the broadcaster's signaling comes from: decides which candidates it is told. */
  remoteAddress: string | undefined;
  /**
   * Without a STUN request of the broadcaster for so long (RFC 7675), it counts as cut off, seconds. 0:
   * never, for clients that do not send any.
   */
  iceConsentSeconds: number;
  /** ICE and DTLS are up: media can flow. Called once. */
  onConnected: () => void;
  /** The network between was cut (`true`), or works again (`false`). */
  onCutOff: (cutOff: boolean) => void;
  /** Called once when the transport ended without `close()`: its Worker died, or the client left. */
  onLost: (reason: string) => void;
}

/** A transport whose DTLS has not come up by then is released. */
export const CONNECT_TIMEOUT_MS = 15_000;

/** What a broadcaster sends over: a WebRtcTransport, and the Broadcast made of its Producers. */
export class PublisherTransport {
  readonly broadcast: Broadcast;
  /** By the Sender Reports of all its tracks. */
  readonly clock = new EncoderClock();
  readonly #transport: types.WebRtcTransport;
  readonly #options: PublisherTransportOptions;
  readonly #connectTimer: NodeJS.Timeout;
  #closed = false;

  constructor(
    transport: types.WebRtcTransport,
    broadcast: Broadcast,
    options: PublisherTransportOptions,
  ) {
    this.#transport = transport;
    this.broadcast = broadcast;
    this.#options = options;
    this.#connectTimer = setTimeout(
      () => this.#lose('the connection was never made'),
      CONNECT_TIMEOUT_MS,
    );
    transport.observer.once('close', () => this.#lose('the SFU worker ended'));
    transport.on('dtlsstatechange', (state) => this.#onDtlsState(state));
    transport.on('icestatechange', (state) => this.#onIceState(state));
  }

  /**
   * Connects to the client's certificate, so that nothing more has to be said before media flows.
   *
   * @throws SfumatoError `badRequest` where the DTLS parameters are unusable
   */
  async connect(dtlsParameters: WireDtlsParameters): Promise<WireTransport> {
    const transport = this.#transport;
    await transport.connect({ dtlsParameters }).catch(badParameters);
    return {
      id: transport.id,
      iceParameters: transport.iceParameters,
      iceCandidates: candidatesFor(this.#options.remoteAddress, transport.iceCandidates),
      dtlsParameters: {
        fingerprints: transport.dtlsParameters.fingerprints,
        // The client that is the DTLS server needs us to be the client, and the other way round.
        role: dtlsParameters.role === 'server' ? 'client' : 'server',
      },
    };
  }

  /** Takes a further track. @throws SfumatoError `badRequest` where it cannot be received */
  async produce(kind: MediaKind, rtpParameters: WireRtpParameters): Promise<string> {
    const producer = await this.#transport
      .produce({ kind, rtpParameters, keyFrameRequestDelay: 500 })
      .catch(badParameters);
    this.broadcast.add(producer);
    await readSenderReports(producer, (report) =>
      this.clock.takeReport({ ...report, kind }, Date.now()),
    );
    return producer.id;
  }

  /** @throws SfumatoError `notFound` */
  closeProducer(producerId: string): void {
    const producer = this.broadcast.producers.find(({ id }) => id === producerId);
    if (producer === undefined) throw new SfumatoError('notFound', 'No such track is being sent.');
    producer.close();
  }

  async restartIce(): Promise<WireIceParameters> {
    return await this.#transport.restartIce();
  }

  /** What has arrived so far, and how well. */
  async received(): Promise<ReceivedMedia> {
    const received = await receivedMedia(this.broadcast.producers);
    for (const { roundTripMs } of received.streams) {
      if (roundTripMs !== undefined) this.clock.takeRoundTrip(roundTripMs, Date.now());
    }
    return received;
  }

  /** Do its pictures themselves say when they were captured (abs-capture-time)? */
  get saysCaptureTimes(): boolean {
    const video = this.broadcast.producers.find(({ kind }) => kind === 'video');
    const extensions = video?.rtpParameters.headerExtensions ?? [];
    return extensions.some(({ uri }) => uri === ABS_CAPTURE_TIME_URI);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends the Broadcast too. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#connectTimer);
    this.broadcast.close();
    this.#transport.close();
  }

  #onDtlsState(state: types.DtlsState): void {
    if (state === 'connected') {
      clearTimeout(this.#connectTimer);
      this.#options.onConnected();
    }
    if (state === 'failed') this.#lose('the secure connection failed');
    if (state === 'closed') this.#lose('the broadcaster closed the connection');
  }

  #onIceState(state: types.IceState): void {
    if (state === 'disconnected') this.#options.onCutOff(true);
    if (state === 'connected' || state === 'completed') this.#options.onCutOff(false);
  }

  #lose(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#options.onLost(reason);
  }
}

/** mediasoup answers unusable parameters with an error of its own: the client's fault, and told so. */
function badParameters(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new SfumatoError('badRequest', `The parameters cannot be used: ${reason}`, {
    cause: error,
  });
}
