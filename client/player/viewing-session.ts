import type { Device } from 'mediasoup-client';
import { SignalingClient, TypedEvents } from '../../signaling/client/index.ts';
import {
  type ChannelInfo,
  type LayerReason,
  type NotificationData,
  type PreferredLayer,
  type RequestResult,
  rtpCapabilitiesSchema,
  SfumatoError,
  type WireRtpCapabilities,
} from '../../signaling/contract/index.ts';
import { type ClientCertificate, makeCertificate } from './certificate.ts';
import type { ChannelAddress } from './channel-address.ts';
import type { CaptureReference } from './latency.ts';
import { MediaReceiver } from './media-receiver.ts';
import { makeReceivingDevice, warmUpDevice } from './receiving-device.ts';
import {
  initialRecovery,
  nextRecovery,
  type RecoveryEffect,
  type RecoveryEvent,
  type RecoveryState,
} from './recovery.ts';
import { ServerClock } from './server-clock.ts';
import type { StatsEntry } from './statistics.ts';

export type LayerState = {
  /** Index into the Channel's layers; null while none can be sent. */
  spatialLayer: number | null;
  reason: LayerReason | null;
  /** Bits a second. */
  availableBitrate: number | null;
};

export type ViewingEvents = {
  /** Anything that `conditionOf` looks at may have changed. */
  changed: undefined;
  channelChanged: ChannelInfo;
  layerChanged: LayerState;
  /** What was received is about to end, its last picture still there. */
  mediaEnding: undefined;
  /** New tracks, of which packets may come at once. */
  tracks: MediaStreamTrack[];
};

const NO_LAYER: LayerState = { spatialLayer: null, reason: null, availableBitrate: null };

type Prepared = {
  device: Device;
  rtpCapabilities: WireRtpCapabilities;
  certificate: ClientCertificate;
};

/** One Viewer: from the socket to the tracks, and back again after every loss. */
export class ViewingSession {
  readonly signaling: SignalingClient;
  readonly clock: ServerClock;
  readonly #events = new TypedEvents<ViewingEvents>();
  readonly #certificate = makeCertificate();
  #channelId: string;
  #channel: ChannelInfo | null = null;
  #layer = NO_LAYER;
  #preferredLayer: PreferredLayer = 'auto';
  #recovery = initialRecovery;
  #recoveryTimer: ReturnType<typeof setTimeout> | undefined;
  #prepared: Promise<Prepared> | null = null;
  #capabilitiesKey = '';
  #receiver: MediaReceiver | null = null;
  /** Ends the exchange that runs, when another takes its place. */
  #exchange = new AbortController();
  #joins = 0;

  constructor({ signalUrl, channelId }: ChannelAddress) {
    this.#channelId = channelId;
    this.signaling = new SignalingClient({ url: signalUrl });
    this.clock = new ServerClock(this.signaling);
    this.#tell(this.#certificate, 'no certificate');
    this.#listen();
  }

  get channelId(): string {
    return this.#channelId;
  }
  get channel(): ChannelInfo | null {
    return this.#channel;
  }
  get layer(): LayerState {
    return this.#layer;
  }
  get preferredLayer(): PreferredLayer {
    return this.#preferredLayer;
  }
  get recovery(): RecoveryState {
    return this.#recovery;
  }
  /** Joins that were asked for so far: one, and one more for each recovery. */
  get joins(): number {
    return this.#joins;
  }

  on<E extends keyof ViewingEvents>(event: E, listener: (data: ViewingEvents[E]) => void) {
    return this.#events.on(event, listener);
  }

  /** Opens the socket and makes everything ready that a later `play()` would otherwise wait for. */
  warmUp(): void {
    this.signaling.open();
    warmUpDevice();
  }

  play(): void {
    this.warmUp();
    this.#handle({ type: 'played' });
  }

  pause(): void {
    this.#handle({ type: 'paused' });
  }

  /** Watch another Channel of the same server. */
  choose(channelId: string): void {
    if (channelId === this.#channelId) return;
    this.#channelId = channelId;
    this.#channel = null;
    this.#setLayer(NO_LAYER);
    this.#handle({ type: 'channelChosen' });
  }

  prefer(layer: PreferredLayer): void {
    if (layer === this.#preferredLayer) return;
    this.#preferredLayer = layer;
    // Where this does not get through, the next join carries it.
    this.#tell(this.signaling.request('setPreferredLayer', { layer }), 'setPreferredLayer');
  }

  /** Packets are due and none came for a while. */
  reportSilence(): void {
    this.#handle({ type: 'mediaSilent' });
  }

  async statistics(): Promise<StatsEntry[]> {
    return (await this.#receiver?.statistics()) ?? [];
  }

  captureReference(): CaptureReference | null {
    return this.#receiver?.captureReference() ?? null;
  }

  close(): void {
    clearTimeout(this.#recoveryTimer);
    this.#exchange.abort();
    this.#closeReceiver();
    this.clock.stop();
    this.signaling.close();
    this.#events.clear();
  }

  #listen(): void {
    this.signaling.on('welcome', (welcome) => {
      this.#prepare(welcome);
      this.#handle({ type: 'signalingOpened' });
    });
    this.signaling.on('channelChanged', ({ channel }) => this.#channelChanged(channel));
    this.signaling.on('transportLost', () => this.#handle({ type: 'transportLost' }));
    this.signaling.on('protocolProblem', ({ error }) => console.warn('sfumato:', error));
    this.signaling.on('layerChanged', ({ spatialLayer, reason, availableBitrate }) => {
      this.#setLayer({ spatialLayer, reason, availableBitrate: availableBitrate ?? null });
    });
    this.signaling.on('stateChanged', ({ state }) => {
      if (state !== 'open' && this.#recovery.online) this.#handle({ type: 'signalingLost' });
      this.#events.emit('changed', undefined);
    });
  }

  #handle(event: RecoveryEvent): void {
    const timerBefore = this.#recovery.timer;
    const { state, effects } = nextRecovery(this.#recovery, event);
    this.#recovery = state;
    if (state.timer !== timerBefore) this.#setTimer(state.timer?.afterMs ?? null);
    for (const effect of effects) this.#perform(effect);
    this.#events.emit('changed', undefined);
  }

  #setTimer(afterMs: number | null): void {
    clearTimeout(this.#recoveryTimer);
    if (afterMs === null) return;
    this.#recoveryTimer = setTimeout(() => this.#handle({ type: 'timerEnded' }), afterMs);
  }

  #perform(effect: RecoveryEffect): void {
    switch (effect) {
      case 'join':
        return this.#run((signal) => this.#join(signal), 'joinFailed');
      case 'zap':
        return this.#run((signal) => this.#zap(signal), 'zapFailed');
      case 'restartIce':
        return this.#run((signal) => this.#restartIce(signal), 'restartFailed');
      case 'leave':
        return this.#leave();
      case 'checkSignaling':
        return this.signaling.checkNow();
    }
  }

  /** Runs one exchange with the server in place of the one that may still run. */
  #run(
    exchange: (signal: AbortSignal) => Promise<void>,
    failure: 'joinFailed' | 'zapFailed' | 'restartFailed',
  ): void {
    this.#exchange.abort();
    this.#exchange = new AbortController();
    const { signal } = this.#exchange;
    exchange(signal).catch((error: unknown) => {
      if (signal.aborted) return;
      console.warn(`sfumato: ${failure}`, error);
      this.#handle({ type: failure, code: codeOf(error) });
    });
  }

  #prepare({ routerRtpCapabilities }: NotificationData<'welcome'>): void {
    const key = JSON.stringify(routerRtpCapabilities);
    if (key === this.#capabilitiesKey && this.#prepared !== null) return;
    this.#capabilitiesKey = key;
    this.#prepared = this.#load(routerRtpCapabilities);
    this.#tell(this.#prepared, 'not prepared');
  }

  async #load(routerRtpCapabilities: WireRtpCapabilities): Promise<Prepared> {
    const device = makeReceivingDevice();
    if (device === null) throw new SfumatoError('unsupportedMedia', 'The browser is not known.');
    await device.load({ routerRtpCapabilities });
    const rtpCapabilities = rtpCapabilitiesSchema.parse(device.recvRtpCapabilities);
    return { device, rtpCapabilities, certificate: await this.#certificate };
  }

  async #join(signal: AbortSignal): Promise<void> {
    this.#joins += 1;
    if (this.#prepared === null) throw new SfumatoError('unavailable', 'No welcome yet.');
    const { device, rtpCapabilities, certificate } = await this.#prepared;
    signal.throwIfAborted();
    const answer = await this.signaling.request(
      'join',
      {
        channelId: this.#channelId,
        rtpCapabilities,
        dtlsParameters: certificate.dtlsParameters,
        preferredLayer: this.#preferredLayer,
      },
      { signal },
    );
    this.#closeReceiver();
    const receiver = this.#makeReceiver(device, certificate, answer);
    this.#receiver = receiver;
    this.#setChannel(answer.channel);
    const receiving = answer.consumers.length > 0;
    this.#handle({ type: 'joined', channel: answer.channel, receiving });
    if (receiving) await this.#receive(receiver, answer.consumers, 'early', signal);
    this.clock.start();
  }

  #makeReceiver(
    device: Device,
    certificate: ClientCertificate,
    { transport }: RequestResult<'join'>,
  ): MediaReceiver {
    const ifCurrent = (event: RecoveryEvent) => () => {
      if (this.#receiver === receiver) this.#handle(event);
    };
    const receiver: MediaReceiver = new MediaReceiver(device, certificate, transport, {
      connected: ifCurrent({ type: 'mediaConnected' }),
      interrupted: ifCurrent({ type: 'mediaInterrupted' }),
      failed: ifCurrent({ type: 'mediaFailed' }),
    });
    return receiver;
  }

  async #zap(signal: AbortSignal): Promise<void> {
    const receiver = this.#receiver;
    if (receiver === null) throw new SfumatoError('notJoined', 'There is no transport.');
    const wasConnected = this.#recovery.link === 'connected';
    const { channel, consumers } = await this.signaling.request(
      'zap',
      { channelId: this.#channelId },
      { signal },
    );
    this.#setChannel(channel);
    this.#handle({ type: 'zapped', channel, receiving: consumers.length > 0 });
    await this.#receive(receiver, consumers, wasConnected ? 'late' : 'early', signal);
  }

  /**
   * Makes tracks of the Consumers and tells the server to begin. A connection that stands would let packets
   * in before the browser has answered: there the server is told after that (`late`).
   */
  async #receive(
    receiver: MediaReceiver,
    consumers: RequestResult<'zap'>['consumers'],
    when: 'early' | 'late',
    signal: AbortSignal,
  ): Promise<void> {
    const resume = () => {
      if (!signal.aborted) this.#tell(this.signaling.request('resume', {}, { signal }), 'resume');
    };
    const tracks = await receiver.receive(consumers, when === 'early' ? resume : () => undefined);
    if (signal.aborted) return;
    if (when === 'late' && tracks.length > 0) resume();
    this.#events.emit('mediaEnding', undefined);
    this.#events.emit('tracks', tracks);
  }

  async #restartIce(signal: AbortSignal): Promise<void> {
    const { iceParameters } = await this.signaling.request('restartIce', {}, { signal });
    await this.#receiver?.restartIce(iceParameters);
  }

  #leave(): void {
    this.#exchange.abort();
    this.#closeReceiver();
    if (this.#recovery.online) this.#tell(this.signaling.request('leave', {}), 'leave');
  }

  #closeReceiver(): void {
    if (this.#receiver === null) return;
    this.#events.emit('mediaEnding', undefined);
    this.#receiver.close();
    this.#receiver = null;
  }

  #channelChanged(channel: ChannelInfo): void {
    if (channel.id !== this.#channelId) return;
    this.#setChannel(channel);
    this.#handle({ type: 'channelChanged', channel });
  }

  #setChannel(channel: ChannelInfo): void {
    this.#channel = channel;
    if (!channel.live) this.#setLayer(NO_LAYER);
    this.#events.emit('channelChanged', channel);
  }

  #setLayer(layer: LayerState): void {
    this.#layer = layer;
    this.#events.emit('layerChanged', layer);
  }

  /** For promises whose failure is noticed elsewhere, by who awaits them or by what does not happen. */
  #tell(promise: Promise<unknown>, what: string): void {
    promise.catch((error: unknown) => console.debug(`sfumato: ${what}`, error));
  }
}

function codeOf(error: unknown) {
  if (error instanceof SfumatoError) return error.code;
  // mediasoup-client names its errors: this one says that the browser cannot take the streams.
  if (Reflect.get(Object(error), 'name') === 'UnsupportedError') return 'unsupportedMedia';
  return 'internal';
}
