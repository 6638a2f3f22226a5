import {
  type ErrorCode,
  type LayerReason,
  PICTURE_DELAY_MS,
  type Playhead,
  type PreferredLayer,
} from '../../../signaling/contract/index.ts';
import { DelayTrend } from '../receiving/delay-trend.ts';
import { DeviceReporter } from '../device/device-reporter.ts';
import { QualityReporter } from '../figures/quality-reporter.ts';
import { isKnownBrowser } from '../receiving/receiving-device.ts';
import { packetsAreDue } from '../live/rest.ts';
import { rungsOf } from '../stored/rungs.ts';
import type { StatsEntry, StreamFigures } from '../figures/statistics.ts';
import type { StoredSource, StoredSourceOptions } from '../stored/stored-source.ts';
import { type Hearing, StreamSampler } from '../figures/stream-sampler.ts';
import { EarlyPictures } from './early-pictures.ts';
import { ANY_HOLDING, PARTY_HOLDING } from './keeping-together.ts';
import { LipSync } from './lip-sync.ts';
import { NoWebRtc } from './no-web-rtc.ts';
import { PictureGate } from './picture-gate.ts';
import { PictureWatch, type Presented } from './picture-watch.ts';
import { SessionClock } from './session-clock.ts';
import { takeDoor } from './session-door.ts';
import { SessionLink, type SessionLinkEvents } from './session-link.ts';
import { SoundGate } from './sound-gate.ts';

export { NoWebRtc, type NoWebRtcReason } from './no-web-rtc.ts';

export type WebRtcSourceOptions = StoredSourceOptions & {
  assetId: string;
  /** `wss://host/signal` */
  signalUrl: string;
  /** Whose timeline it follows, if it is anybody's. */
  party?: string | null;
  /** How long the first connection may take, milliseconds. */
  patienceMs?: number;
  /** Gives up the opening. */
  signal?: AbortSignal;
};

const PATIENCE_MS = 2_500;
/** Openings in a row whose media did not get through, though the server could be asked. */
const MOST_FAILURES = 3;

/** A Session over WebRTC. */
export class WebRtcSource implements StoredSource {
  readonly via = 'webrtc';
  readonly clock: SessionClock;
  readonly #options: WebRtcSourceOptions;
  readonly #link: SessionLink;
  readonly #stream = new MediaStream();
  readonly #ahead = new EarlyPictures((picture) => this.#came(picture));
  readonly #gate: PictureGate;
  readonly #sound = new SoundGate();
  readonly #watch: PictureWatch;
  readonly #sampler: StreamSampler;
  readonly #device: DeviceReporter;
  readonly #quality: QualityReporter;
  readonly #trend = new DelayTrend();
  readonly #lipSync: LipSync;
  #opened: SessionLinkEvents['opened'] | null = null;
  /** What came of a Session whose tracks are not there yet. */
  #early: Playhead | null = null;
  #attached = false;
  /** RTP timestamp of the picture that was waited for last. */
  #wanted: number | undefined;
  #hearing: Hearing = 'heard';
  #overdue = false;
  #lost = false;
  #idle = false;
  #connectedBefore = false;
  #closed = false;

  private constructor(options: WebRtcSourceOptions) {
    this.#options = options;
    const { video } = options;
    this.#gate = new PictureGate(video, this.#ahead);
    this.#link = new SessionLink(
      takeDoor(options.signalUrl),
      {
        assetId: options.assetId,
        startBitrate: options.startBitrate,
        partyId: options.party ?? undefined,
        preferredLayer: this.#layerOf(options.rendition),
      },
      () => this.clock.beginning,
    );
    this.#lipSync = new LipSync(this.#link.media, this.#isParty ? PARTY_HOLDING : ANY_HOLDING);
    this.clock = this.#makeClock();
    this.#watch = new PictureWatch(
      video,
      () => this.#link.media.pictureTimestamp(),
      (picture) => this.#presented(picture),
    );
    this.#sampler = new StreamSampler(
      { statistics: () => this.#statistics(), due: () => this.#packetsAreDue() },
      { hearing: (hearing) => this.#heard(hearing), figures: (figures) => this.#count(figures) },
    );
    this.#device = new DeviceReporter(video, this.#link);
    this.#quality = new QualityReporter(this.#link, () => ({
      timeToFirstFrameMs: null,
      latencyMs: null,
    }));
    this.#listen();
  }

  /** Can this browser do it at all? */
  static get isSupported(): boolean {
    return typeof RTCPeerConnection !== 'undefined' && isKnownBrowser();
  }

  /**
   * Resolves when media can flow.
   *
   * @throws NoWebRtc; the signal's reason
   */
  static async open(options: WebRtcSourceOptions): Promise<WebRtcSource> {
    if (!WebRtcSource.isSupported) throw new NoWebRtc('notSupported');
    const source = new WebRtcSource(options);
    try {
      await source.#connect();
      return source;
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** What the selected pair of ICE candidates goes by; null while that is not known. */
  get protocol(): 'udp' | 'tcp' | null {
    return this.#sampler.figures.protocol;
  }
  get figures(): StreamFigures {
    return this.#sampler.figures;
  }
  get framesPerSecond(): number | null {
    return this.clock.framesPerSecond;
  }
  get lastSeekMs(): number | null {
    return this.clock.lastSeekMs;
  }
  /** How much later the sound is heard than its picture is seen, milliseconds; null while that is not known. */
  get lagMs(): number | null {
    return this.#lipSync.lagMs;
  }
  get hasSound(): boolean {
    return this.#link.asset?.hasAudio === true;
  }
  get soundRests(): boolean {
    return this.clock.playbackRate !== 1 && this.hasSound;
  }
  get renditions(): readonly string[] {
    const rungs = rungsOf(this.#options.asset);
    return (this.#link.asset?.renditions ?? []).map(
      (_, index) => rungs[index]?.name ?? `video-${index}.mp4`,
    );
  }
  get rendition(): string | null {
    const { spatialLayer } = this.#link.layer;
    return spatialLayer === null ? null : (this.renditions[spatialLayer] ?? null);
  }
  /** Why this Rendition and not a higher one. */
  get layerReason(): LayerReason | null {
    return this.#link.layer.reason;
  }
  get bandwidth(): number | null {
    return this.#link.layer.availableBitrate;
  }

  prefer(rendition: string | null): void {
    this.#link.prefer(this.#layerOf(rendition));
  }

  retry(): void {
    this.#link.checkNow();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sampler.stop();
    this.#watch.close();
    this.#ahead.stop();
    this.clock.close();
    this.#quality.close();
    this.#device.close();
    this.#link.close();
    this.#gate.remove();
    const { video } = this.#options;
    if (video.srcObject === this.#stream) video.srcObject = null;
  }

  get #isParty(): boolean {
    return typeof this.#options.party === 'string';
  }

  #makeClock(): SessionClock {
    const { asset, startAt, paused, playbackRate } = this.#options;
    return new SessionClock({
      gate: this.#gate,
      sound: this.#sound,
      startAt,
      paused,
      playbackRate,
      duration: asset.duration ?? Number.NaN,
      isFollowing: this.#isParty,
      steer: (steering) => this.#link.steer(steering),
      hasSession: () => this.#attached && this.#link.isJoined,
      wake: () => this.#wake(),
      picturesRest: () => this.#attached && this.#link.rest !== null,
      isHidden: () => document.visibilityState === 'hidden',
      onClock: (event) => this.#options.onClock?.(event),
      onHaste: (haste) => this.#hasten(haste),
      onOverdue: (overdue) => {
        this.#overdue = overdue;
        this.#tellLoss();
      },
    });
  }

  #connect(): Promise<void> {
    const { patienceMs = PATIENCE_MS, signal } = this.#options;
    const connected = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new NoWebRtc(this.#link.isOnline ? 'noConnection' : 'noSignaling'));
      }, patienceMs);
      this.#link.on('connected', () => (clearTimeout(timer), resolve()));
      this.#link.on('refused', (code) => reject(new NoWebRtc('refused', code)));
      this.#link.on('denied', () => reject(new NoWebRtc('refused', 'forbidden')));
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    signal?.throwIfAborted();
    this.#link.open();
    return connected;
  }

  #listen(): void {
    const link = this.#link;
    link.on('opened', (opened) => {
      this.#opened = opened;
      this.#early = null;
      this.#attached = false;
    });
    link.on('tracks', (tracks) => this.#attach(tracks));
    link.on('mediaEnding', () => this.#gate.close());
    link.on('playheadMoved', (playhead) => {
      if (this.#attached) this.clock.moved(playhead);
      else this.#early = playhead;
    });
    link.on('connected', () => {
      this.#connectedBefore = true;
    });
    link.on('changed', () => this.#linkChanged());
    link.on('refused', (code) => this.#refused(code));
    link.on('denied', (denial) => this.#options.onDenied(denial));
    link.on('layerChanged', () => this.#options.onRendition());
    link.on('ended', ({ reason, message }) => this.#ended(reason, message));
  }

  /** One stream for all tracks that ever come: the `<video>` plays on. */
  #attach(tracks: MediaStreamTrack[]): void {
    const { video } = this.#options;
    this.#sound.adopt(tracks);
    const opened = this.#opened;
    this.#attached = true;
    if (opened !== null) {
      const comesLater = opened.asset.hasAudio && !this.#isParty;
      this.#lipSync.begin(comesLater ? PICTURE_DELAY_MS : 0);
      this.clock.opened(opened.asset, opened.asked);
    }
    for (const track of this.#stream.getTracks()) this.#stream.removeTrack(track);
    for (const track of tracks) this.#stream.addTrack(track);
    this.#gate.begin();
    this.#ahead.adopt(this.#stream.getVideoTracks()[0] ?? null);
    this.#ahead.start();
    if (video.srcObject !== this.#stream) video.srcObject = this.#stream;
    // Where a gesture is missing, whoever opened this source finds that out, too.
    video.play().catch((error: unknown) => console.debug('sfumato: play', error));
    this.#sampler.start();
    this.#trend.reset();
    if (this.#early !== null) this.clock.moved(this.#early);
    this.#early = null;
  }

  #hasten(haste: boolean): void {
    if (!haste) return this.#lipSync.tighten();
    this.#lipSync.loosen();
    this.#ahead.start();
  }

  /** A picture came out of the decoder, that the `<video>` will present. */
  #came(picture: Presented): void {
    if (!this.#attached) return;
    this.#tellClock(picture);
  }

  #tellClock(picture: Presented): void {
    const waited = this.clock.isWaiting;
    this.clock.presented(picture);
    if (this.clock.isWaiting) return;
    this.#ahead.stop();
    if (waited) this.#wanted = picture.rtpTimestamp;
  }

  #presented(picture: Presented): void {
    if (!this.#attached) return;
    this.#gate.presented(picture.rtpTimestamp);
    if (this.#ahead.compare(picture)) return;
    this.#tellClock(picture);
    const { rtpTimestamp, receivedMs } = picture;
    // What was waited for was sent sooner than those after it, whose delay it is no measure for.
    const isWanted = rtpTimestamp !== undefined && rtpTimestamp === this.#wanted;
    if (!this.clock.isFlowing || isWanted) return this.#trend.reset();
    this.#lipSync.presented(picture);
    if (rtpTimestamp === undefined || receivedMs === undefined) return;
    const lateMs = this.#trend.add({ receivedMs, rtpTimestamp });
    if (lateMs !== null) this.#link.reportCongestion(lateMs);
  }

  #count(figures: StreamFigures): void {
    this.#device.count(figures);
    this.#quality.count(figures);
    this.#lipSync.count(figures);
  }

  async #statistics(): Promise<StatsEntry[]> {
    const report = await this.#link.statistics();
    this.#lipSync.read(report);
    return report;
  }

  #packetsAreDue(): boolean {
    if (this.#link.recovery.link !== 'connected' || !this.clock.isFlowing) return false;
    const { muted, volume } = this.#options.video;
    return packetsAreDue({
      hasVideo: true,
      hasAudio: this.#link.asset?.hasAudio === true && this.clock.playbackRate === 1,
      audible: !muted && volume > 0,
      rest: this.#link.rest,
    });
  }

  #heard(hearing: Hearing): void {
    this.#hearing = hearing;
    if (hearing === 'lost') this.#link.reportSilence();
    if (hearing !== 'heard') this.#options.onClock?.('waiting');
    this.#tellLoss();
  }

  #linkChanged(): void {
    const { failures, failure } = this.#link.recovery;
    if (this.#connectedBefore && failure === 'noMedia' && failures >= MOST_FAILURES) {
      this.#options.onBroken('noConnection');
    }
    this.#tellLoss();
  }

  #tellLoss(): void {
    const { link } = this.#link.recovery;
    const gone = this.#connectedBefore && !this.#idle && link !== 'connected';
    const lost = (gone && (this.#hearing !== 'heard' || this.#overdue)) || this.#overdue;
    if (lost === this.#lost || this.#closed) return;
    this.#lost = lost;
    this.#options.onLost(lost);
  }

  #refused(code: ErrorCode): void {
    // Of the first opening, whoever opens is told.
    if (!this.#connectedBefore) return;
    if (code === 'noRoom' || code === 'overloaded') this.#options.onBroken(code);
    else this.#options.onRefused();
  }

  #ended(reason: 'idle' | 'gone' | 'failed', message: string): void {
    console.debug('sfumato: the session has ended', reason, message);
    this.#idle = true;
    this.#attached = false;
    this.#opened = null;
    this.#gate.close();
    this.#ahead.stop();
    this.#sampler.stop();
    this.#link.letGo();
    if (reason === 'gone') this.#options.onRefused();
    if (reason === 'failed') this.#options.onBroken('failed');
  }

  #wake(): void {
    if (!this.#idle) return;
    this.#idle = false;
    this.#link.open();
  }

  #layerOf(rendition: string | null): PreferredLayer {
    const index = rungsOf(this.#options.asset).findIndex(({ name }) => name === rendition);
    return index < 0 ? 'auto' : index;
  }
}
