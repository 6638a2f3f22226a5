import { ServerClock, SignalingClient, TypedEvents } from '../../signaling/client/index.ts';
import {
  type BroadcastHealth,
  type ChannelInfo,
  type ErrorCode,
  type MediaKind,
  SfumatoError,
} from '../../signaling/contract/index.ts';
import {
  canSendVp9,
  chooseCodec,
  type CodecChoice,
  type CodecFacts,
  type CodecWish,
} from './codec-choice.ts';
import { h264Ability, vp9Ability } from './encoding-ability.ts';
import {
  initialLive,
  type LiveEffect,
  type LiveEvent,
  type LiveState,
  nextLive,
} from './live-state.ts';
import type { Outgoing } from './local-media.ts';
import { MediaSender, sendableCodecs, sizeOf } from './media-sender.ts';
import type { StatsEntry } from './sending-figures.ts';
import { type PreparedSender, SendingPreparation } from './sending-preparation.ts';

/** What there is to send at this moment; asked for again after every loss. */
export type Outlet = () => { video: Outgoing | null; audio: Outgoing | null };

/** What would be sent if it began now. */
export type ForeseenCodec = { choice: CodecChoice | null; vp9IsPossible: boolean };

export type BroadcastSessionEvents = { changed: undefined };

export type BroadcastSessionOptions = {
  channelId: string;
  /** `ws:` or `wss:` */
  signalUrl: string;
  outlet: Outlet;
  /** What the link carries, bits a second; null where that is not known. */
  linkBitrate: () => number | null;
};

/** One Publisher: from the socket to the tracks that are sent, and back again after every loss. */
export class BroadcastSession {
  readonly signaling: SignalingClient;
  readonly #channelId: string;
  readonly #outlet: Outlet;
  readonly #linkBitrate: () => number | null;
  readonly #events = new TypedEvents<BroadcastSessionEvents>();
  readonly #preparation = new SendingPreparation();
  readonly #clock: ServerClock;
  #live = initialLive;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #streamKey: string | undefined;
  #sender: MediaSender | null = null;
  /** Ends the exchange that runs, when another takes its place. */
  #exchange = new AbortController();
  /** One change of what is sent at a time. */
  #sending: Promise<void> = Promise.resolve();
  #channel: ChannelInfo | null = null;
  #health: BroadcastHealth | null = null;
  #maxSpatialLayer: number | null = null;
  /** Found out at the start, and kept over all losses. */
  #chosen: CodecChoice | null = null;
  /** For a screen, where the chosen one is for cameras only. */
  #instead: CodecChoice | null = null;
  #codec: CodecChoice | null = null;
  /** What the person wants; heeded from the next start on. */
  codecWish: CodecWish = 'auto';
  #attempts = 0;

  constructor({ channelId, signalUrl, outlet, linkBitrate }: BroadcastSessionOptions) {
    this.#channelId = channelId;
    this.#outlet = outlet;
    this.#linkBitrate = linkBitrate;
    this.signaling = new SignalingClient({ url: signalUrl });
    this.#clock = new ServerClock(this.signaling);
    this.#listen();
    this.signaling.open();
  }

  get live(): LiveState {
    return this.#live;
  }
  /** As of the last answer of the server's; null before the first. */
  get channel(): ChannelInfo | null {
    return this.#channel;
  }
  /** What the server receives; null while nothing is sent. */
  get health(): BroadcastHealth | null {
    return this.#health;
  }
  /** The highest Layer that anybody watches; null while the server has not said. */
  get maxSpatialLayer(): number | null {
    return this.#maxSpatialLayer;
  }
  get codec(): CodecChoice | null {
    return this.#codec;
  }
  /** How many Layers the one stream of the picture has; null where each has a stream of its own. */
  get svcLayers(): number | null {
    return this.#sender?.svcLayers ?? null;
  }
  /** How often `goLive` was asked for: one, and one more for each recovery. */
  get attempts(): number {
    return this.#attempts;
  }

  on<E extends keyof BroadcastSessionEvents>(
    event: E,
    listener: (data: BroadcastSessionEvents[E]) => void,
  ) {
    return this.#events.on(event, listener);
  }

  /** @param streamKey undefined where whoever is logged in may go live */
  start(streamKey: string | undefined): void {
    this.#streamKey = streamKey;
    this.#chosen = null;
    this.#instead = null;
    this.#handle({ type: 'started' });
  }

  stop(): void {
    this.#handle({ type: 'stopped' });
  }

  /** What the outlet gives has changed, such as another camera: sent from now on, without a stop. */
  outletChanged(): void {
    const { link } = this.#live;
    if (link !== 'none' && link !== 'asking') this.#send(this.#exchange.signal);
  }

  /** @throws SfumatoError `unsupportedMedia` in a browser that cannot send; `unavailable` before a welcome */
  async foreseeCodec(): Promise<ForeseenCodec> {
    const facts = await this.#codecFacts(await this.#preparation.ready());
    return { choice: chooseCodec(facts), vp9IsPossible: canSendVp9(facts) };
  }

  async statistics(): Promise<StatsEntry[]> {
    return (await this.#sender?.statistics()) ?? [];
  }

  #listen(): void {
    this.signaling.on('welcome', ({ routerRtpCapabilities }) => {
      this.#preparation.welcome(routerRtpCapabilities);
      this.#clock.start();
      this.#handle({ type: 'signalingOpened' });
    });
    this.signaling.on('stateChanged', ({ state }) => {
      if (state !== 'open' && this.#live.online) this.#handle({ type: 'signalingLost' });
      this.#events.emit('changed', undefined);
    });
    this.signaling.on('transportLost', () => this.#handle({ type: 'transportLost' }));
    this.signaling.on('broadcastEnded', ({ reason }) => this.#handle({ type: 'ended', reason }));
    this.signaling.on('broadcastHealth', (health) => {
      this.#health = health;
      this.#events.emit('changed', undefined);
    });
    this.signaling.on('wantedLayers', ({ maxSpatialLayer }) => this.#limit(maxSpatialLayer));
    this.signaling.on('protocolProblem', ({ error }) => console.warn('sfumato:', error));
  }

  #handle(event: LiveEvent): void {
    const timerBefore = this.#live.timer;
    const { state, effects } = nextLive(this.#live, event);
    this.#live = state;
    if (state.timer !== timerBefore) this.#setTimer(state.timer?.afterMs ?? null);
    for (const effect of effects) this.#perform(effect);
    this.#events.emit('changed', undefined);
  }

  #setTimer(afterMs: number | null): void {
    clearTimeout(this.#timer);
    if (afterMs === null) return;
    this.#timer = setTimeout(() => this.#handle({ type: 'timerEnded' }), afterMs);
  }

  #perform(effect: LiveEffect): void {
    switch (effect) {
      case 'goLive':
        return this.#exchangeAnew();
      case 'end':
        if (this.#live.online) this.#tell(this.signaling.request('endBroadcast', {}), 'end');
        return this.#release();
      case 'release':
        return this.#release();
      case 'checkSignaling':
        return this.signaling.checkNow();
    }
  }

  #release(): void {
    this.#exchange.abort();
    this.#sender?.close();
    this.#sender = null;
    this.#health = null;
    this.#maxSpatialLayer = null;
  }

  #exchangeAnew(): void {
    this.#exchange.abort();
    this.#exchange = new AbortController();
    const { signal } = this.#exchange;
    this.#goLive(signal).catch((error: unknown) => this.#failed(error, signal));
  }

  #failed(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    console.warn('sfumato: going live failed', error);
    this.#handle({ type: 'goLiveFailed', code: codeOf(error) });
  }

  async #goLive(signal: AbortSignal): Promise<void> {
    this.#attempts += 1;
    const prepared = await this.#preparation.ready();
    this.#chosen ??= await this.#chooseCodec(prepared);
    signal.throwIfAborted();
    const { dtlsParameters } = prepared.certificate;
    const data = {
      channelId: this.#channelId,
      streamKey: this.#streamKey,
      dtlsParameters,
      clockOffsetMs: this.#clock.offsetMs ?? undefined,
    };
    const { channel, transport } = await this.signaling.request('goLive', data, { signal });
    this.#channel = channel;
    this.#maxSpatialLayer = null;
    this.#sender?.close();
    this.#sender = this.#makeSender(prepared, transport, signal);
    this.#handle({ type: 'accepted' });
    this.#send(signal);
  }

  #makeSender(
    { device, certificate }: PreparedSender,
    transport: ConstructorParameters<typeof MediaSender>[2],
    signal: AbortSignal,
  ): MediaSender {
    return new MediaSender(device, certificate, transport, {
      produce: async (request) =>
        (await this.signaling.request('produce', request, { signal })).producerId,
      closeProducer: (producerId) =>
        this.signaling.request('closeProducer', { producerId }, { signal }),
      linkBitrate: this.#linkBitrate,
      link: (type) => {
        if (!signal.aborted) this.#handle({ type });
      },
    });
  }

  async #codecFacts({ device }: PreparedSender): Promise<CodecFacts> {
    const { video } = this.#outlet();
    const size = sizeOf(video?.track);
    const [h264, vp9] = await Promise.all([h264Ability(size), vp9Ability(size)]);
    const isScreen = video?.source === 'screen';
    return { sendable: sendableCodecs(device), h264, vp9, isScreen, wish: this.codecWish };
  }

  async #chooseCodec(prepared: PreparedSender): Promise<CodecChoice> {
    const choice = chooseCodec(await this.#codecFacts(prepared));
    if (choice === null) throw new SfumatoError('unsupportedMedia', 'No codec in common.');
    return choice;
  }

  async #codecFor(video: Outgoing | null): Promise<CodecChoice | null> {
    if (this.#chosen?.codec !== 'VP9' || video?.source !== 'screen') return this.#chosen;
    this.#instead ??= await this.#chooseCodec(await this.#preparation.ready());
    return this.#instead;
  }

  /** Brings what is sent in line with the outlet, after whatever is under way. */
  #send(signal: AbortSignal): void {
    this.#sending = this.#sending
      .then(() => this.#sendNow(signal))
      .catch((error: unknown) => this.#failed(error, signal));
  }

  async #sendNow(signal: AbortSignal): Promise<void> {
    const sender = this.#sender;
    if (signal.aborted || sender === null) return;
    const outgoing = this.#outlet();
    const codec = await this.#codecFor(outgoing.video);
    if (codec === null) return;
    this.#codec = codec;
    // Sound first: it is small, and the picture's first key frame is not.
    for (const kind of ['audio', 'video'] as const satisfies MediaKind[]) {
      await sender.send(kind, outgoing[kind], codec.codec);
      signal.throwIfAborted();
    }
    if (this.#maxSpatialLayer !== null) await sender.limitLayers(this.#maxSpatialLayer);
    else await sender.updateLayers();
  }

  #limit(maxSpatialLayer: number): void {
    this.#maxSpatialLayer = maxSpatialLayer;
    const sender = this.#sender;
    if (sender !== null) this.#tell(sender.limitLayers(maxSpatialLayer), 'layers');
    this.#events.emit('changed', undefined);
  }

  /** For what changes nothing that is not noticed otherwise. */
  #tell(promise: Promise<unknown>, what: string): void {
    promise.catch((error: unknown) => console.debug(`sfumato: ${what}`, error));
  }
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof SfumatoError) return error.code;
  // mediasoup-client names its errors: this one says that the browser cannot send what was asked.
  if (Reflect.get(Object(error), 'name') === 'UnsupportedError') return 'unsupportedMedia';
  return 'internal';
}
