import type {
  DeviceReport,
  PreferredLayer,
  QualityReport,
  RequestData,
  RequestResult,
  SessionEnd,
  Steering,
} from '../../signaling/contract/index.ts';
import type { SessionPump } from '../rtp/session-pump.ts';
import { DeviceWatch } from '../sfu/device-watch.ts';
import type { LayerLimit } from '../sfu/layer-choice.ts';
import type { RtpPlayback } from '../sfu/sfu.ts';
import { Held } from './held.ts';
import { Helm } from './helm.ts';
import type { SessionCourse } from './party-timeline.ts';
import { RenditionWatch } from './rendition-watch.ts';
import {
  describeAsset,
  layersOf,
  leastStart,
  pumpOptionsOf,
  rtpSourceOf,
  type SessionTracks,
  tracksOf,
} from './session-asset.ts';
import {
  asParameterError,
  ENDINGS,
  noPicture,
  notDecodable,
  notOpen,
  unreadable,
} from './session-errors.ts';
import type { SessionOptions } from './session-options.ts';
import { beginning, type SteeringState } from './steering.ts';
import type { OpenAsset } from './stored-assets.ts';

/** One Viewer's playback of one Asset: its files, its Pump, and the connection that they go out by. */
export class Session {
  readonly #options: SessionOptions;
  readonly #held = new Held();
  readonly #device = new DeviceWatch((limit) => this.#setLimit(limit));
  readonly #start: SteeringState;
  #playback: RtpPlayback | undefined;
  #renditions: RenditionWatch | undefined;
  #helm: Helm | undefined;
  #isConnected = false;
  #isResumed = false;
  #idle: NodeJS.Timeout | undefined;
  #quality: QualityReport | undefined;

  private constructor(request: RequestData<'openSession'>, options: SessionOptions) {
    this.#options = options;
    this.#start = beginning(request.at, request.paused);
    this.#device.prefer(request.preferredLayer);
    if (request.device !== undefined) this.#device.report(request.device);
  }

  /**
   * @throws SfumatoError `notFound`, `badRequest` where there is no picture or the parameters are unusable,
   *   `conflict` while nothing is prepared, `unsupportedMedia`, `unavailable`
   */
  static async open(
    request: RequestData<'openSession'>,
    options: SessionOptions,
  ): Promise<{ session: Session; answer: RequestResult<'openSession'> }> {
    const session = new Session(request, options);
    try {
      const answer = await session.#open(request);
      options.metrics.opened();
      return { session, answer };
    } catch (error) {
      session.#end();
      throw error;
    }
  }

  get closed(): boolean {
    return this.#held.isLetGo;
  }

  /** @throws SfumatoError `notJoined` */
  async steer(steering: Steering): Promise<RequestResult<'steerSession'>> {
    const { helm } = this.#parts();
    try {
      return { playhead: await helm.steer(steering) };
    } catch (error) {
      // What a Pump was asked that is gone meanwhile is told as that.
      throw this.closed ? notOpen() : error;
    }
  }

  /** Goes where its party goes. */
  follow(course: SessionCourse): void {
    this.#helm?.follow(course);
  }

  /** Its party is over: its Viewer steers it again. */
  letGo(): void {
    this.#helm?.letGo();
  }

  /** The client is ready for the packets. @throws SfumatoError `notJoined` */
  async resume(): Promise<void> {
    await this.#parts().playback.viewer.resume();
    this.#isResumed = true;
    await this.#begin();
  }

  /** @throws SfumatoError `notJoined` */
  setPreferredLayer(layer: PreferredLayer): void {
    this.#parts();
    this.#device.prefer(layer);
  }

  /** @throws SfumatoError `notJoined` */
  reportDevice(report: DeviceReport): void {
    this.#parts();
    this.#device.report(report);
  }

  /** @throws SfumatoError `notJoined` */
  reportCongestion(lateMs: number): void {
    this.#parts().renditions.relieve(lateMs);
  }

  /** @throws SfumatoError `notJoined` */
  reportQuality(report: QualityReport): void {
    this.#parts();
    this.#quality = report;
    this.#options.metrics.qualityReported(report);
  }

  /** @throws SfumatoError `notJoined` */
  async restartIce(): Promise<RequestResult<'restartIce'>> {
    return { iceParameters: await this.#parts().playback.viewer.restartIce() };
  }

  /** Its Viewer has gone. Idempotent. */
  leave(): void {
    if (this.#end()) this.#options.metrics.ended('left');
  }

  async #open(request: RequestData<'openSession'>): Promise<RequestResult<'openSession'>> {
    const { assets, as } = this.#options;
    const { assetId } = request;
    const asset = await this.#hold(assets.open(assetId, as), (one) => one.release());
    if (asset.file.rungs.length === 0) throw noPicture();
    const { pump, playback, helm } = await this.#connect(asset, request);
    if (request.partyId !== undefined) this.#goToParty(request.partyId, assetId, helm);
    const { viewer, broadcast, target } = playback;
    await pump.connect(target);
    const [transport, consumers] = await Promise.all([
      viewer.connect(),
      viewer.watch(broadcast),
    ]).catch((error: unknown) => {
      throw asParameterError(error);
    });
    if (this.closed) throw notOpen();
    if (!consumers.some(({ kind }) => kind === 'video')) throw notDecodable();
    this.#wait();
    return { asset: describeAsset(asset, pump), transport, consumers };
  }

  async #connect(asset: OpenAsset, request: RequestData<'openSession'>) {
    const { pumps, sfu } = this.#options;
    const tracks = tracksOf(asset);
    const opening = pumps.openSession(pumpOptionsOf(asset, tracks)).catch((error: unknown) => {
      throw unreadable(error);
    });
    const pump = await this.#hold(opening, (one) => one.close());
    this.#device.offer(layersOf(asset, pump.framesPerSecond));
    const startBitrate = request.startBitrate ?? leastStart(tracks);
    const viewerOptions = { ...this.#viewerOptions(request), startBitrate };
    const playback = await this.#hold(
      sfu.openPlayback(rtpSourceOf(pump, tracks), viewerOptions),
      (one) => sfu.closePlayback(one),
    );
    this.#playback = playback;
    const helm = this.#takeHelm(pump, this.#watchRenditions(tracks, startBitrate));
    return { pump, playback, helm };
  }

  #viewerOptions({ rtpCapabilities, dtlsParameters }: RequestData<'openSession'>) {
    const { events, remoteAddress } = this.#options;
    return {
      ...{ rtpCapabilities, dtlsParameters, remoteAddress, limit: this.#device.limit },
      // It is told by what the Pump sends.
      onLayerChange: () => undefined,
      onEstimate: (estimate: number, maximum: number) => {
        this.#renditions?.setEstimate(estimate, maximum);
        events.linkEstimate(estimate);
      },
      onConnected: () => {
        this.#isConnected = true;
        this.#begin().catch((err: unknown) => {
          if (!this.closed) this.#options.log.warn({ err }, 'a Session did not begin');
        });
      },
      onLost: (reason: string) => this.#lose(reason),
    };
  }

  #watchRenditions({ bitrates, soundBitrate }: SessionTracks, startBitrate: number) {
    const { events, metrics, log } = this.#options;
    const renditions = new RenditionWatch({
      ...{ bitrates, soundBitrate, startBitrate, limit: this.#device.limit, log },
      link: () => this.#playback?.viewer.link,
      onChoice: (rendition) => this.#helm?.choose(rendition),
      onOverrun: async () => this.#playback?.viewer.restartPicture(),
      onChange: (change) => {
        metrics.layerChanged(change.reason);
        this.#device.sent(change.spatialLayer);
        events.layerChanged(change);
      },
    });
    this.#held.add(() => renditions.close());
    this.#renditions = renditions;
    return renditions;
  }

  #takeHelm(pump: SessionPump, renditions: RenditionWatch): Helm {
    const { events, metrics, log } = this.#options;
    const helm = new Helm({
      ...{ pump, renditions, state: this.#start, log },
      onMoved: (playhead) => events.playheadMoved(playhead),
      onStanding: (stands) => (stands ? this.#wait() : this.#stopWaiting()),
      onSought: (seconds) => metrics.sought(seconds),
    });
    this.#held.add(() => helm.close());
    this.#heedEnds(pump);
    this.#helm = helm;
    return helm;
  }

  #heedEnds(pump: SessionPump): void {
    const undo = [
      pump.onFailed((err) => {
        this.#options.log.error({ err }, 'the Pump of a Session failed');
        this.endWith('failed');
      }),
      // The files are as good as before: the client opens it anew.
      pump.onDied(() => this.#lose('What sends the media has stopped.')),
    ];
    this.#held.add(() => undo.forEach((one) => one()));
  }

  /** The first key frame must not be lost: nothing is sent before the client is ready and can be reached. */
  async #begin(): Promise<void> {
    if (this.#isResumed && this.#isConnected) await this.#parts().helm.begin();
  }

  #goToParty(partyId: string, assetId: string, helm: Helm): void {
    const place = this.#options.parties.admit(partyId, assetId, this);
    this.#held.add(() => place.leave());
    helm.join(place);
  }

  /** Somebody who does not come back keeps nothing open. */
  #wait(): void {
    if (this.closed) return;
    this.#idle ??= setTimeout(() => this.endWith('idle'), this.#options.graceMs);
  }

  #stopWaiting(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
  }

  #setLimit(limit: LayerLimit): void {
    this.#renditions?.setLimit(limit);
    this.#playback?.viewer.setLimit(limit);
  }

  /** Holds on to something for as long as the Session is open. */
  async #hold<T>(opening: Promise<T>, letGo: (one: T) => void): Promise<T> {
    const one = await opening;
    if (this.closed) {
      letGo(one);
      throw notOpen();
    }
    this.#held.add(() => letGo(one));
    return one;
  }

  #parts(): { playback: RtpPlayback; renditions: RenditionWatch; helm: Helm } {
    const [playback, renditions, helm] = [this.#playback, this.#renditions, this.#helm];
    if (this.closed || !playback || !renditions || !helm) throw notOpen();
    return { playback, renditions, helm };
  }

  /** What carries it is gone; another can be opened. */
  #lose(message: string): void {
    if (!this.#end()) return;
    this.#options.metrics.ended('lost');
    this.#options.events.transportLost(message);
  }

  /** Tells its Viewer why. Idempotent. */
  endWith(reason: SessionEnd): void {
    if (!this.#end()) return;
    this.#options.metrics.ended(reason);
    this.#options.events.ended(reason, ENDINGS[reason]);
  }

  /** @returns whether it was open */
  #end(): boolean {
    if (this.closed) return false;
    this.#stopWaiting();
    this.#device.close();
    if (this.#quality !== undefined) this.#options.metrics.viewerEnded(this.#quality);
    this.#letGo();
    return true;
  }

  #letGo(): void {
    try {
      this.#held.letGo();
    } catch (err) {
      // Whoever ends it, often for a reason of their own, is not to fail with it.
      this.#options.log.error({ err }, 'a Session could not let go of everything');
    } finally {
      this.#options.onClosed(this);
    }
  }
}
