import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import {
  type BroadcastHealth,
  type Layer,
  type MediaKind,
  SfumatoError,
  type WireDtlsParameters,
  type WireIceParameters,
  type WireRtpParameters,
  type WireTransport,
} from '../../signaling/contract/index.ts';
import type { Broadcast } from '../sfu/broadcast.ts';
import type { PublisherTransport } from '../sfu/publisher-transport.ts';
import type { ReceivedMedia } from '../sfu/received-media.ts';
import type { Sfu } from '../sfu/sfu.ts';
import { type CaptureTiming, captureTimingOf } from './capture-timing.ts';
import type { Channel } from './channel.ts';
import { bytesOf, healthOf } from './health.ts';
import { Inspection } from './inspection.ts';
import type { Ladder } from './ladder.ts';
import { LADDER_LAYERS } from './ladder-plan.ts';
import type { Ladders } from './ladders.ts';
import type { EndReason } from './on-air-state.ts';
import { atMostEvery } from './throttle.ts';
import { WantedLayer } from './wanted-layer.ts';

/** What a broadcaster is told unasked. */
export interface PublisherEvents {
  broadcastHealth(health: BroadcastHealth): void;
  wantedLayers(maxSpatialLayer: number): void;
  broadcastEnded(reason: EndReason): void;
  /** The connection is gone; the same broadcast may come back. */
  transportLost(message: string): void;
}

/** What became of a Publisher, told to whoever decides about the Channel. */
export type PublisherReport = 'ready' | 'cutOff' | 'back' | 'lost' | 'finished';

export interface PublisherOptions {
  channel: Channel;
  kind: 'webcam' | 'whip';
  remoteAddress: string | undefined;
  /** How far our clock is ahead of its, milliseconds, where it has found that out itself. */
  clockOffsetMs?: number | undefined;
  /** None for an encoder, which can only be cut off. */
  events?: PublisherEvents;
  /** Called once when it has ended, for whatever reason. */
  onClosed?: () => void;
  report: (publisher: Publisher, what: PublisherReport) => void;
  sfu: Sfu;
  /** Lower Layers for whoever sends one only; without, there are none. */
  ladders?: Ladders | undefined;
  log: Logger;
}

/** A page sends its tracks one after the other: those that come within this time come on air together. */
const SETTLE_MS = 150;
const HEALTH_INTERVAL_MS = 1_000;
/** A browser asks every 2.5 s. An encoder may never ask (FFmpeg 8.0): its packets are watched instead. */
const ICE_CONSENT_SECONDS = { webcam: 6, whip: 0 } as const;
/** Readings without a single byte, one a second, after which an encoder counts as cut off. */
const SILENT_READINGS = 3;

const NOTHING: ReceivedMedia = { streams: [], layersAnnounced: 0 };

/** Somebody who feeds a Channel over WebRTC, from the first word to the last. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #transport: PublisherTransport;
  readonly #closing = new AbortController();
  readonly #ready = atMostEvery(SETTLE_MS, () => this.#options.report(this, 'ready'));
  readonly #wanted: WantedLayer;
  readonly #inspection: Inspection;
  #connected = false;
  #cutOff = false;
  #received = NOTHING;
  #silentReadings = 0;
  #ladder: Ladder | undefined;
  #sizesTold = '';
  #layers: readonly Layer[] = [];
  #health: BroadcastHealth | undefined;

  private constructor(options: PublisherOptions, transport: PublisherTransport) {
    this.#options = options;
    this.#transport = transport;
    this.#inspection = new Inspection(options.kind);
    this.#wanted = new WantedLayer((layer) => options.events?.wantedLayers(layer));
  }

  static async open(options: PublisherOptions): Promise<Publisher> {
    const transport = await options.sfu.openPublisherTransport({
      remoteAddress: options.remoteAddress,
      iceConsentSeconds: ICE_CONSENT_SECONDS[options.kind],
      onConnected: () => publisher.#onConnected(),
      onCutOff: (cutOff) => publisher.#setCutOff(cutOff),
      onLost: (reason) => publisher.#onLost(reason),
    });
    const publisher: Publisher = new Publisher(options, transport);
    return publisher;
  }

  get channel(): Channel {
    return this.#options.channel;
  }

  get kind(): PublisherOptions['kind'] {
    return this.#options.kind;
  }

  get broadcast(): Broadcast {
    return this.#transport.broadcast;
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** When its pictures were captured: they say so themselves, or its Sender Reports do. */
  get timing(): CaptureTiming {
    const { clock, saysCaptureTimes } = this.#transport;
    // A ladder does not pass on what they say.
    const pass = saysCaptureTimes && this.#ladder === undefined;
    return captureTimingOf(clock, this.#options.clockOffsetMs, pass);
  }

  /** As far as they have been seen, lowest first. */
  get layers(): readonly Layer[] {
    return this.#layers;
  }

  /** As it was at the last reading, once there was one. */
  get health(): BroadcastHealth | undefined {
    return this.#health;
  }

  /** @throws SfumatoError `badRequest` */
  async connect(dtlsParameters: WireDtlsParameters): Promise<WireTransport> {
    return await this.#transport.connect(dtlsParameters);
  }

  /** @throws SfumatoError `badRequest`, `conflict` where there is a track of this kind already */
  async produce(kind: MediaKind, rtpParameters: WireRtpParameters): Promise<string> {
    if (this.broadcast.has(kind)) {
      throw new SfumatoError('conflict', `There is one ${kind} track already.`, {
        hint: 'Close it first.',
      });
    }
    const id = await this.#transport.produce(kind, rtpParameters);
    if (kind === 'video') await this.#openLadder();
    if (this.#connected) this.#ready.soon();
    return id;
  }

  /** @throws SfumatoError `notFound` */
  closeProducer(producerId: string): void {
    this.#transport.closeProducer(producerId);
    if (!this.broadcast.has('video')) this.#closeLadder();
    if (this.#connected && this.broadcast.producers.length > 0) this.#ready.soon();
  }

  async restartIce(): Promise<WireIceParameters> {
    return await this.#transport.restartIce();
  }

  /** Over, and meant to be: the Channel is off air at once. Idempotent. */
  finish(): void {
    this.#leave('finished');
  }

  /** The broadcaster is gone without a word: it may come back within the grace time. Idempotent. */
  lose(): void {
    this.#leave('lost');
  }

  /** Ended by somebody else. Idempotent. */
  end(reason: EndReason): void {
    if (this.closed) return;
    this.close();
    this.#options.events?.broadcastEnded(reason);
  }

  /** It was cut off for too long: should the network come back, so does the broadcaster. */
  giveUp(): void {
    if (this.closed) return;
    this.close();
    this.#options.events?.transportLost('nothing has arrived for too long');
  }

  /** Ends it without telling anybody. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.#closing.abort();
    this.#ready.cancel();
    this.#wanted.close();
    this.#inspection.close();
    this.#closeLadder();
    this.#transport.close();
    this.#options.onClosed?.();
  }

  #leave(what: 'finished' | 'lost'): void {
    if (this.closed) return;
    this.close();
    this.#options.report(this, what);
  }

  #onConnected(): void {
    this.#connected = true;
    // An encoder has said everything with its offer; a page may have more to say.
    if (this.kind === 'whip') this.#ready.now();
    else if (this.broadcast.producers.length > 0) this.#ready.soon();
    const { log } = this.#options;
    this.#watchOver().catch((error: unknown) => {
      if (!this.closed) log.error({ err: error, channel: this.channel.id }, 'a broadcaster');
    });
    const unlisten = this.channel.onChange(() => {
      this.#tellWantedLayer();
      this.#tellLadder();
    });
    this.#closing.signal.addEventListener('abort', unlisten);
  }

  #onLost(reason: string): void {
    if (this.closed) return;
    this.#leave('lost');
    this.#options.events?.transportLost(reason);
  }

  #setCutOff(cutOff: boolean): void {
    if (this.#cutOff === cutOff || !this.#connected) return;
    this.#cutOff = cutOff;
    this.#options.report(this, cutOff ? 'cutOff' : 'back');
  }

  async #openLadder(): Promise<void> {
    this.#closeLadder();
    const ladder = await this.#options.ladders?.open(this.broadcast, () => {
      if (this.#connected) this.#ready.now();
    });
    this.#ladder = ladder;
    // The broadcaster may have gone meanwhile.
    if (this.closed) this.#closeLadder();
  }

  #closeLadder(): void {
    if (this.#ladder !== undefined) this.#options.ladders?.close(this.#ladder);
    this.#ladder = undefined;
  }

  #tellLadder(): void {
    if (this.channel.broadcast !== this.broadcast) return;
    this.#ladder?.demand(this.channel.audience.lowerLayerNeeded(LADDER_LAYERS));
  }

  #tellWantedLayer(): void {
    const layers = this.#received.layersAnnounced;
    if (layers > 0) this.#wanted.set(this.channel.audience.wantedLayer(layers));
  }

  async #watchOver(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#read();
      await sleep(HEALTH_INTERVAL_MS, undefined, { signal });
    }
  }

  async #read(): Promise<void> {
    const before = this.#received;
    this.#received = await this.#transport.received();
    if (this.closed) return;
    this.#watchForSilence(before);
    await this.#inspection.read(this.broadcast, this.#received);
    if (this.closed) return;
    this.#tellLayers();
    this.channel.setTiming(this.broadcast, this.timing);
    const { size, seeing } = this.channel.audience;
    // Of a ladder every Layer is made of the only one that is sent.
    const audience =
      this.#ladder === undefined ? this.channel.audience : { size, getting: () => seeing };
    const findings = this.#inspection.findings(this.broadcast, this.#ladder !== undefined);
    this.#health = healthOf(this.#received, before, audience, findings);
    this.#options.events?.broadcastHealth(this.#health);
    this.#tellWantedLayer();
  }

  /** Each second's bit rate is no news: Viewers are told of sizes. */
  #tellLayers(): void {
    const sent = this.#inspection.layers();
    const [only] = sent;
    const layers = only === undefined ? sent : (this.#ladder?.layersOf(only) ?? sent);
    const sizes = JSON.stringify(layers.map(({ width, height }) => [width, height]));
    if (layers.length === 0 || sizes === this.#sizesTold) return;
    this.#sizesTold = sizes;
    this.#layers = layers;
    this.channel.setLayers(this.broadcast, layers);
  }

  #watchForSilence(before: ReceivedMedia): void {
    if (this.kind !== 'whip') return;
    const silent = bytesOf(this.#received) <= bytesOf(before);
    this.#silentReadings = silent ? this.#silentReadings + 1 : 0;
    this.#setCutOff(this.#silentReadings >= SILENT_READINGS);
  }
}
