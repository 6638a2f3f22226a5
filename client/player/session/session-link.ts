import { type SignalingClient, TypedEvents } from '../../../signaling/client/index.ts';
import type {
  DeviceReport,
  ErrorCode,
  NotificationData,
  Playhead,
  PreferredLayer,
  QualityReport,
  RequestInput,
  SessionAsset,
  Steering,
  WireConsumer,
} from '../../../signaling/contract/index.ts';
import { type Denial, denialOf } from '../access/denial.ts';
import { passOn } from '../access/pass.ts';
import { contentTypeOf } from '../device/decoding-abilities.ts';
import { codeOf } from '../live/failure-code.ts';
import { IncomingMedia } from '../receiving/incoming-media.ts';
import { type LayerState, NO_LAYER } from '../live/layer-state.ts';
import { LinkRecall } from '../receiving/link-recall.ts';
import {
  initialRecovery,
  nextRecovery,
  type RecoveryEffect,
  type RecoveryEvent,
  type RecoveryState,
} from '../live/recovery.ts';
import { type Rest, restOf } from '../live/rest.ts';
import type { StatsEntry } from '../figures/statistics.ts';
import type { Beginning } from './session-clock.ts';
import type { SessionDoor } from './session-door.ts';

export type SessionLinkEvents = {
  /** The server has opened a Session that begins so; its tracks come later. */
  opened: { asset: SessionAsset; asked: Beginning };
  /** Anything of `recovery` may have changed. */
  changed: undefined;
  /** The server has a new Session, which knows nothing of the one before. */
  joined: undefined;
  leaving: undefined;
  connected: undefined;
  /** What was received is about to end, its last picture still there. */
  mediaEnding: undefined;
  tracks: MediaStreamTrack[];
  playheadMoved: Playhead;
  layerChanged: LayerState;
  /** Trying again does not help, or not soon. */
  refused: ErrorCode;
  /** It may not be watched, or not any more: the server has said why. */
  denied: Denial;
  ended: NotificationData<'sessionEnded'>;
};

type Failure = 'joinFailed' | 'restartFailed';
type Wanted = Pick<RequestInput<'openSession'>, 'assetId' | 'startBitrate'> & {
  partyId?: string | undefined;
};

/** What the recovery asks of a Channel, and what of a Session is never otherwise. */
const ALWAYS_THERE = { live: true, broadcastId: 'session' };

/** What has to do with the Asset and not with the way to it. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'notFound',
  'forbidden',
  'unauthorized',
  'unsupportedMedia',
  'unknownMethod',
  'badRequest',
  'noRoom',
  'overloaded',
]);

/** The way to a Session: from the socket to the tracks, and back again after every loss. */
export class SessionLink {
  readonly #door: SessionDoor;
  readonly #wanted: Wanted;
  readonly #beginning: () => Beginning;
  readonly #events = new TypedEvents<SessionLinkEvents>();
  readonly #media: IncomingMedia;
  readonly #linkRecall = new LinkRecall();
  readonly #undo: (() => void)[] = [];
  #asset: SessionAsset | null = null;
  #layer = NO_LAYER;
  #preferredLayer: PreferredLayer;
  #recovery = initialRecovery;
  #recoveryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Ends the exchange that runs, when another takes its place. */
  #exchange = new AbortController();
  #videoType: string | null = null;
  #describeDevice: () => DeviceReport | null = () => null;

  /** @param beginning where a Session shall begin that is opened now */
  constructor(
    door: SessionDoor,
    wanted: Wanted & { preferredLayer: PreferredLayer },
    beginning: () => Beginning,
  ) {
    this.#door = door;
    this.#wanted = wanted;
    this.#preferredLayer = wanted.preferredLayer;
    this.#beginning = beginning;
    this.#media = new IncomingMedia({
      link: (type) => this.#linkChanged(type),
      ending: () => this.#events.emit('mediaEnding', undefined),
      tracks: (tracks) => this.#events.emit('tracks', tracks),
    });
    this.#listen();
  }

  /** What the server said of the Asset last. */
  get asset(): SessionAsset | null {
    return this.#asset;
  }
  /** Its Renditions, as a device report knows those of a Channel. */
  get channel(): { layers: SessionAsset['renditions'] } | null {
    return this.#asset === null ? null : { layers: this.#asset.renditions };
  }
  get layer(): LayerState {
    return this.#layer;
  }
  get rest(): Rest | null {
    return restOf(this.#layer, this.#preferredLayer);
  }
  get recovery(): RecoveryState {
    return this.#recovery;
  }
  get videoType(): string | null {
    return this.#videoType;
  }
  get isOnline(): boolean {
    return this.#recovery.online;
  }

  on<E extends keyof SessionLinkEvents>(
    event: E,
    listener: (data: SessionLinkEvents[E]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  /** Opens a Session, and from then on keeps one. */
  open(): void {
    this.#handle({ type: 'played' });
  }

  /** Keeps none until the next `open()`. */
  letGo(): void {
    this.#exchange.abort();
    this.#setTimer(null);
    this.#events.emit('leaving', undefined);
    this.#recovery = { ...initialRecovery, online: this.#recovery.online };
    this.#media.close();
    this.#events.emit('changed', undefined);
  }

  /** Does the server have a Session of ours? */
  get isJoined(): boolean {
    const { online, link } = this.#recovery;
    return online && link !== 'none' && link !== 'joining';
  }

  async steer(steering: Steering): Promise<Playhead> {
    const { playhead } = await this.#signaling.request('steerSession', steering);
    return playhead;
  }

  prefer(layer: PreferredLayer): void {
    if (layer === this.#preferredLayer) return;
    this.#preferredLayer = layer;
    // Where this does not get through, the next Session is opened with it.
    this.#tell(this.#signaling.request('setPreferredLayer', { layer }), 'setPreferredLayer');
  }

  describeDevice(read: () => DeviceReport | null): void {
    this.#describeDevice = read;
  }

  reportDevice(report: DeviceReport): boolean {
    if (!this.isJoined) return false;
    this.#tell(this.#signaling.request('reportDevice', report), 'reportDevice');
    return true;
  }

  reportQuality(report: QualityReport): void {
    if (!this.isJoined) return;
    this.#tell(this.#signaling.request('reportQuality', report), 'reportQuality');
  }

  reportCongestion(lateMs: number): void {
    this.#tell(this.#signaling.request('reportCongestion', { lateMs }), 'reportCongestion');
  }

  /** Packets are due and none came for a while. */
  reportSilence(): void {
    this.#handle({ type: 'mediaSilent' });
  }

  /** Finds out at once whether the server is there. */
  checkNow(): void {
    this.#signaling.checkNow();
  }

  statistics(): Promise<StatsEntry[]> {
    return this.#media.statistics();
  }

  get media(): IncomingMedia {
    return this.#media;
  }

  close(): void {
    clearTimeout(this.#recoveryTimer);
    this.#events.emit('leaving', undefined);
    this.#exchange.abort();
    this.#events.clear();
    for (const undo of this.#undo) undo();
    this.#media.close();
    this.#door.close();
  }

  get #signaling(): SignalingClient {
    return this.#door.signaling;
  }

  #listen(): void {
    const signaling = this.#signaling;
    this.#undo.push(
      // The door's preparation has heard it before us.
      signaling.on('welcome', () => this.#handle({ type: 'signalingOpened' })),
      signaling.on('stateChanged', ({ state }) => {
        if (state !== 'open' && this.#recovery.online) this.#handle({ type: 'signalingLost' });
      }),
      signaling.on('transportLost', () => this.#handle({ type: 'transportLost' })),
      signaling.on('protocolProblem', ({ error }) => console.warn('sfumato:', error)),
      signaling.on('playheadMoved', ({ playhead }) => this.#events.emit('playheadMoved', playhead)),
      signaling.on('watchEnded', (denial) => this.#deny(denial)),
      passOn(this.#door.signalUrl, this.#wanted.assetId).on('changed', () => this.#renewGrant()),
      signaling.on('sessionEnded', (end) => this.#events.emit('ended', end)),
      signaling.on('linkEstimate', ({ availableBitrate }) => {
        this.#linkRecall.heard(availableBitrate, this.#layer.spatialLayer !== null);
        this.#setLayer({ ...this.#layer, availableBitrate });
      }),
      signaling.on('layerChanged', ({ spatialLayer, reason }) => {
        this.#setLayer({ ...this.#layer, spatialLayer, reason });
      }),
    );
    if (signaling.state === 'open') this.#handle({ type: 'signalingOpened' });
  }

  #linkChanged(type: 'mediaConnected' | 'mediaInterrupted' | 'mediaFailed'): void {
    this.#handle({ type });
    if (type === 'mediaConnected') this.#events.emit('connected', undefined);
  }

  #handle(event: RecoveryEvent): void {
    const timerBefore = this.#recovery.timer;
    const { state, effects } = nextRecovery(this.#recovery, event);
    if (effects.includes('join')) this.#events.emit('leaving', undefined);
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
      case 'zap':
        return this.#run((signal) => this.#openSession(signal), 'joinFailed');
      case 'restartIce':
        return this.#run((signal) => this.#restartIce(signal), 'restartFailed');
      case 'leave':
        return this.#media.close();
      case 'checkSignaling':
        return this.#signaling.checkNow();
    }
  }

  /** Runs one exchange with the server in place of the one that may still run. */
  #run(exchange: (signal: AbortSignal) => Promise<void>, failure: Failure): void {
    this.#exchange.abort();
    this.#exchange = new AbortController();
    const { signal } = this.#exchange;
    exchange(signal).catch((error: unknown) => {
      if (signal.aborted) return;
      console.warn(`sfumato: ${failure}`, error);
      const denial = denialOf(error);
      if (denial !== null && denial.refusal !== 'gone') return this.#deny(denial);
      const code = codeOf(error);
      this.#handle({ type: failure, code });
      if (failure === 'joinFailed' && REFUSALS.has(code)) this.#events.emit('refused', code);
    });
  }

  async #openSession(signal: AbortSignal): Promise<void> {
    const { device, rtpCapabilities, certificate } = await this.#door.preparation.ready();
    signal.throwIfAborted();
    const asked = this.#beginning();
    const { asset, consumers, transport } = await this.#signaling.request(
      'openSession',
      {
        ...this.#wanted,
        ...asked,
        token: this.#token,
        rtpCapabilities,
        dtlsParameters: certificate.dtlsParameters,
        preferredLayer: this.#preferredLayer,
        device: this.#describeDevice() ?? undefined,
      },
      { signal },
    );
    this.#asset = asset;
    this.#media.open(device, certificate, transport);
    this.#videoType = videoTypeOf(consumers);
    this.#linkRecall.begin();
    this.#events.emit('opened', { asset, asked });
    this.#events.emit('joined', undefined);
    this.#handle({ type: 'joined', channel: ALWAYS_THERE, receiving: true });
    await this.#media.receive(consumers, () => this.#resume(signal), signal);
  }

  #resume(signal: AbortSignal): void {
    if (!signal.aborted) this.#tell(this.#signaling.request('resume', {}, { signal }), 'resume');
  }

  async #restartIce(signal: AbortSignal): Promise<void> {
    const restarted = await this.#signaling.request('restartIce', {}, { signal });
    await this.#media.restartIce(restarted);
  }

  get #token(): string | undefined {
    return passOn(this.#door.signalUrl, this.#wanted.assetId).token;
  }

  #renewGrant(): void {
    const token = this.#token;
    if (token === undefined || !this.isJoined) return;
    this.#tell(this.#signaling.request('renewGrant', { token }), 'renewGrant');
  }

  #deny(denial: Denial): void {
    this.letGo();
    this.#events.emit('denied', denial);
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

function videoTypeOf(consumers: readonly WireConsumer[]): string | null {
  const codec = consumers.find(({ kind }) => kind === 'video')?.rtpParameters.codecs[0];
  return codec === undefined ? null : contentTypeOf(codec);
}
