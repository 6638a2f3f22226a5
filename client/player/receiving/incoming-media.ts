import type { Device } from 'mediasoup-client';
import type {
  CaptureReference,
  WireConsumer,
  RequestResult,
  WireTransport,
} from '../../../signaling/contract/index.ts';
import type { ClientCertificate } from './certificate.ts';
import { firstPacket } from './first-packet.ts';
import { MediaReceiver } from './media-receiver.ts';
import type { StatsEntry } from '../figures/statistics.ts';

export type IncomingMediaEvents = {
  link(change: 'mediaConnected' | 'mediaInterrupted' | 'mediaFailed'): void;
  /** What was received is about to end, its last picture still there. */
  ending(): void;
  /** New tracks, of which packets may come at once. */
  tracks(tracks: MediaStreamTrack[]): void;
};

/** How long the old picture may go on while the new one has no packets. */
const HANDOVER_MS = 2_000;

/**
 * What is received at present, over one transport after another: where the one before still delivers, its
 * picture goes on until the next one has packets.
 */
export class IncomingMedia {
  readonly #events: IncomingMediaEvents;
  #receiver: MediaReceiver | null = null;
  #predecessor: MediaReceiver | null = null;

  constructor(events: IncomingMediaEvents) {
    this.#events = events;
  }

  /** A new transport takes over. */
  open(device: Device, certificate: ClientCertificate, wire: WireTransport): void {
    const before = this.#receiver;
    this.#closePredecessor();
    if (before?.connected) this.#predecessor = before;
    else this.#end(before);
    const ifCurrent = (change: Parameters<IncomingMediaEvents['link']>[0]) => () => {
      if (this.#receiver === receiver) this.#events.link(change);
    };
    const events = {
      connected: ifCurrent('mediaConnected'),
      interrupted: ifCurrent('mediaInterrupted'),
      failed: ifCurrent('mediaFailed'),
    };
    const receiver: MediaReceiver = new MediaReceiver(device, certificate, wire, events);
    this.#receiver = receiver;
  }

  /**
   * Makes tracks of Consumers, in place of the ones before.
   *
   * @param resume tells the server to begin. On a new transport as soon as the browser knows the streams;
   *   a connection that stands would let packets in before the browser has answered: there after that
   * @throws mediasoup-client's UnsupportedError where the browser cannot take them
   */
  async receive(consumers: readonly WireConsumer[], resume: () => void, signal: AbortSignal) {
    const receiver = this.#receiver;
    if (receiver === null) return;
    const early = receiver.fresh;
    const tracks = await receiver.receive(consumers, early ? resume : () => undefined);
    if (signal.aborted) return;
    if (!early && tracks.length > 0) resume();
    if (this.#predecessor !== null) await firstPacket(tracks, HANDOVER_MS);
    if (signal.aborted) return;
    this.#events.ending();
    this.#events.tracks(tracks);
    this.#closePredecessor();
  }

  async restartIce(restarted: RequestResult<'restartIce'>): Promise<void> {
    await this.#receiver?.restartIce(restarted);
  }

  async statistics(): Promise<StatsEntry[]> {
    return (await this.#receiver?.statistics()) ?? [];
  }

  captureReference(): CaptureReference | null {
    return this.#receiver?.captureReference() ?? null;
  }

  soundFetched(): { rtpTimestamp: number; atMs: number } | null {
    return this.#receiver?.soundFetched() ?? null;
  }

  pictureTimestamp(): number | undefined {
    return this.#receiver?.pictureTimestamp();
  }

  soundAgeMs(): number | null {
    return this.#receiver?.soundAgeMs() ?? null;
  }

  holdBack(targets: { picture: number; sound: number }): void {
    this.#receiver?.holdBack(targets);
  }

  close(): void {
    this.#closePredecessor();
    this.#end(this.#receiver);
    this.#receiver = null;
  }

  #end(receiver: MediaReceiver | null): void {
    if (receiver === null) return;
    this.#events.ending();
    receiver.close();
  }

  #closePredecessor(): void {
    this.#predecessor?.close();
    this.#predecessor = null;
  }
}
