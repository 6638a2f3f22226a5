import { ServerClock, SignalingClient, TypedEvents } from '../../../signaling/client/index.ts';
import {
  type CaptureReference,
  type ChannelInfo,
  type DeviceReport,
  type PreferredLayer,
  type QualityReport,
  type WireConsumer,
} from '../../../signaling/contract/index.ts';
import { type Denial, denialOf } from '../access/denial.ts';
import { type Pass, passOn } from '../access/pass.ts';
import { withSite } from '../access/site-around.ts';
import type { ChannelAddress } from './channel-address.ts';
import { codeOf } from './failure-code.ts';
import { IncomingMedia } from '../receiving/incoming-media.ts';
import { contentTypeOf } from '../device/decoding-abilities.ts';
import { type LayerState, NO_LAYER } from './layer-state.ts';
import { LinkRecall } from '../receiving/link-recall.ts';
import { Preparation } from '../receiving/preparation.ts';
import {
  initialRecovery,
  nextRecovery,
  type RecoveryEffect,
  type RecoveryEvent,
  type RecoveryState,
} from './recovery.ts';
import { type Rest, restOf } from './rest.ts';
import type { StatsEntry } from '../figures/statistics.ts';

export type ViewingEvents = {
  /** Anything that `conditionOf` looks at may have changed. */
  changed: undefined;
  /** It may not be watched, and why; null when it may again, as far as is known. */
  denied: Denial | null;
  channelChanged: ChannelInfo;
  layerChanged: LayerState;
  /** The server has a new Viewer, which knows nothing of the one before. */
  joined: undefined;
  /** The Viewer that the server has is about to go. */
  leaving: undefined;
  /** What was received is about to end, its last picture still there. */
  mediaEnding: undefined;
  /** New tracks, of which packets may come at once. */
  tracks: MediaStreamTrack[];
};

type Failure = 'joinFailed' | 'zapFailed' | 'restartFailed';

/** One Viewer: from the socket to the tracks, and back again after every loss. */
export class ViewingSession {
  readonly signaling: SignalingClient;
  readonly clock: ServerClock;
  readonly #events = new TypedEvents<ViewingEvents>();
  readonly #preparation = new Preparation();
  readonly #media: IncomingMedia;
  readonly #signalUrl: string;
  #channelId: string;
  #pass: Pass;
  #unlistenPass: () => void;
  #denial: Denial | null = null;
  #channel: ChannelInfo | null = null;
  #layer = NO_LAYER;
  #preferredLayer: PreferredLayer = 'auto';
  #recovery = initialRecovery;
  #recoveryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Ends the exchange that runs, when another takes its place. */
  #exchange = new AbortController();
  #joins = 0;
  #videoType: string | null = null;
  #describeDevice: () => DeviceReport | null = () => null;
  readonly #linkRecall = new LinkRecall();

  constructor({ signalUrl, channelId }: ChannelAddress) {
    this.#signalUrl = signalUrl;
    this.#channelId = channelId;
    this.#pass = passOn(signalUrl, channelId);
    this.#unlistenPass = this.#pass.on('changed', () => this.#passChanged());
    this.signaling = new SignalingClient({ url: withSite(signalUrl) });
    this.clock = new ServerClock(this.signaling);
    this.#media = new IncomingMedia({
      link: (type) => this.#handle({ type }),
      ending: () => this.#events.emit('mediaEnding', undefined),
      tracks: (tracks) => this.#events.emit('tracks', tracks),
    });
    this.#listen();
  }

  get channelId(): string {
    return this.#channelId;
  }
  /** Why it may not be watched; null as long as nobody said so. */
  get denial(): Denial | null {
    return this.#denial;
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
  /** Why no picture is sent though there is one; null while it is sent, or should be. */
  get rest(): Rest | null {
    return restOf(this.#layer, this.#preferredLayer);
  }
  /** Content type of the picture that is received, with its codec's parameters. */
  get videoType(): string | null {
    return this.#videoType;
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
    this.#preparation.warmUp();
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
    this.#unlistenPass();
    this.#pass = passOn(this.#signalUrl, channelId);
    this.#unlistenPass = this.#pass.on('changed', () => this.#passChanged());
    this.#setDenial(null);
    this.#channel = null;
    this.#setLayer(NO_LAYER);
    this.#handle({ type: 'channelChosen' });
  }

  /** What was refused is asked for once more. */
  askAgain(): void {
    if (!this.#recovery.wanted) this.#setDenial(null);
    this.#handle({ type: 'askedAgain' });
  }

  prefer(layer: PreferredLayer): void {
    if (layer === this.#preferredLayer) return;
    this.#preferredLayer = layer;
    // Where this does not get through, the next join carries it.
    this.#tell(this.signaling.request('setPreferredLayer', { layer }), 'setPreferredLayer');
  }

  /** Pictures come later and later. */
  reportCongestion(lateMs: number): void {
    this.#tell(this.signaling.request('reportCongestion', { lateMs }), 'reportCongestion');
  }

  /** What each join tells of the device. */
  describeDevice(read: () => DeviceReport | null): void {
    this.#describeDevice = read;
  }

  /** @returns whether there was a Viewer to tell it of */
  reportDevice(report: DeviceReport): boolean {
    if (!this.#isJoined) return false;
    this.#tell(this.signaling.request('reportDevice', report), 'reportDevice');
    return true;
  }

  reportQuality(report: QualityReport): void {
    if (!this.#isJoined) return;
    this.#tell(this.signaling.request('reportQuality', report), 'reportQuality');
  }

  /** @param targets how long picture and sound wait in their jitter buffers at least, milliseconds */
  holdBack(targets: { picture: number; sound: number }): void {
    this.#media.holdBack(targets);
  }

  /** Consumers anew over the same connection: what the browser has buffered ends with the old ones. */
  resync(): void {
    this.#handle({ type: 'resyncAsked' });
  }

  /** Packets are due and none came for a while. */
  reportSilence(): void {
    this.#handle({ type: 'mediaSilent' });
  }

  statistics(): Promise<StatsEntry[]> {
    return this.#media.statistics();
  }

  captureReference(): CaptureReference | null {
    return this.#media.captureReference();
  }

  soundAgeMs(): number | null {
    return this.#media.soundAgeMs();
  }

  close(): void {
    clearTimeout(this.#recoveryTimer);
    this.#unlistenPass();
    this.#events.emit('leaving', undefined);
    this.#exchange.abort();
    this.#media.close();
    this.clock.stop();
    this.signaling.close();
    this.#events.clear();
  }

  #listen(): void {
    this.signaling.on('welcome', ({ routerRtpCapabilities }) => {
      this.#preparation.welcome(routerRtpCapabilities);
      this.#handle({ type: 'signalingOpened' });
    });
    this.signaling.on('stateChanged', ({ state }) => {
      if (state !== 'open' && this.#recovery.online) this.#handle({ type: 'signalingLost' });
      this.#events.emit('changed', undefined);
    });
    this.signaling.on('channelChanged', ({ channel }) => this.#channelChanged(channel));
    this.signaling.on('transportLost', () => this.#handle({ type: 'transportLost' }));
    this.signaling.on('watchEnded', (denial) => this.#deny(denial));
    this.signaling.on('protocolProblem', ({ error }) => console.warn('sfumato:', error));
    this.signaling.on('linkEstimate', ({ availableBitrate }) => {
      this.#linkRecall.heard(availableBitrate, this.#layer.spatialLayer !== null);
      this.#setLayer({ ...this.#layer, availableBitrate });
    });
    this.signaling.on('layerChanged', ({ spatialLayer, reason }) => {
      this.#setLayer({ ...this.#layer, spatialLayer, reason });
    });
  }

  get #isJoined(): boolean {
    const { online, link } = this.#recovery;
    return online && link !== 'none' && link !== 'joining';
  }

  #handle(event: RecoveryEvent): void {
    const timerBefore = this.#recovery.timer;
    const { state, effects } = nextRecovery(this.#recovery, event);
    const ends = effects.includes('join') || effects.includes('leave');
    if (ends) this.#events.emit('leaving', undefined);
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
  #run(exchange: (signal: AbortSignal) => Promise<void>, failure: Failure): void {
    this.#exchange.abort();
    this.#exchange = new AbortController();
    const { signal } = this.#exchange;
    exchange(signal).catch((error: unknown) => {
      if (signal.aborted) return;
      const denial = denialOf(error);
      // What is not there may come to be: that is asked for again as it always was.
      if (denial !== null && denial.refusal !== 'gone') return this.#deny(denial);
      console.warn(`sfumato: ${failure}`, error);
      this.#setDenial(null);
      this.#handle({ type: failure, code: codeOf(error) });
    });
  }

  async #join(signal: AbortSignal): Promise<void> {
    this.#joins += 1;
    const { device, rtpCapabilities, certificate } = await this.#preparation.ready();
    signal.throwIfAborted();
    const { channel, consumers, transport } = await this.signaling.request(
      'join',
      {
        channelId: this.#channelId,
        token: this.#pass.token,
        rtpCapabilities,
        dtlsParameters: certificate.dtlsParameters,
        preferredLayer: this.#preferredLayer,
        startBitrate: this.#linkRecall.startBitrate(),
        device: this.#describeDevice() ?? undefined,
      },
      { signal },
    );
    this.#setDenial(null);
    this.#media.open(device, certificate, transport);
    this.#setChannel(channel);
    this.#receiveFrom(consumers);
    const receiving = consumers.length > 0;
    this.#events.emit('joined', undefined);
    this.#handle({ type: 'joined', channel, receiving });
    if (receiving) await this.#media.receive(consumers, () => this.#resume(signal), signal);
    this.clock.start();
  }

  async #zap(signal: AbortSignal): Promise<void> {
    const { channel, consumers } = await this.signaling.request(
      'zap',
      { channelId: this.#channelId, token: this.#pass.token },
      { signal },
    );
    this.#setDenial(null);
    this.#setChannel(channel);
    this.#receiveFrom(consumers);
    this.#handle({ type: 'zapped', channel, receiving: consumers.length > 0 });
    await this.#media.receive(consumers, () => this.#resume(signal), signal);
  }

  #receiveFrom(consumers: readonly WireConsumer[]): void {
    const video = consumers.find(({ kind }) => kind === 'video')?.rtpParameters.codecs[0];
    this.#videoType = video === undefined ? null : contentTypeOf(video);
    this.#linkRecall.begin();
  }

  #resume(signal: AbortSignal): void {
    if (!signal.aborted) this.#tell(this.signaling.request('resume', {}, { signal }), 'resume');
  }

  async #restartIce(signal: AbortSignal): Promise<void> {
    const restarted = await this.signaling.request('restartIce', {}, { signal });
    await this.#media.restartIce(restarted);
  }

  #leave(): void {
    this.#exchange.abort();
    this.#media.close();
    if (this.#recovery.online) this.#tell(this.signaling.request('leave', {}), 'leave');
  }

  /** Another token: for what goes on, or for what was refused for want of it. */
  #passChanged(): void {
    const { token } = this.#pass;
    if (this.#denial !== null) this.askAgain();
    else if (token !== undefined && this.#isJoined)
      this.#tell(this.signaling.request('renewGrant', { token }), 'renewGrant');
  }

  #deny(denial: Denial): void {
    this.#channel = null;
    this.#setLayer(NO_LAYER);
    this.#setDenial(denial);
    this.#handle({ type: 'denied' });
  }

  #setDenial(denial: Denial | null): void {
    if (denial === this.#denial) return;
    this.#denial = denial;
    this.#events.emit('denied', denial);
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

  /** For requests whose failure changes nothing that is not noticed otherwise. */
  #tell(request: Promise<unknown>, what: string): void {
    request.catch((error: unknown) => console.debug(`sfumato: ${what}`, error));
  }
}
