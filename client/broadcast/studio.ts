import { TypedEvents } from '../../signaling/client/index.ts';
import { BroadcastSession, type ForeseenCodec } from './broadcast-session.ts';
import type { CodecWish } from './codec-choice.ts';
import { fitToLink, type LayerPlan } from './layer-plan.ts';
import { type LivePhase, phaseOf } from './live-state.ts';
import { LocalMedia } from './local-media.ts';
import { planFor, sizeOf } from './media-sender.ts';
import { readSending, type SendingCounters, type SendingFigures } from './sending-figures.ts';
import { UploadProbe } from './upload-probe.ts';
import { ScreenWakeLock } from './wake-lock.ts';

export type StudioEvents = { changed: undefined };

/** How often the statistics are looked at, milliseconds. */
const LOOK_MS = 1_000;

/** Everything behind the broadcast page: the devices, the broadcast, and what the two report. */
export class Studio {
  readonly media = new LocalMedia();
  readonly session: BroadcastSession;
  readonly probe: UploadProbe;
  readonly #events = new TypedEvents<StudioEvents>();
  readonly #wakeLock = new ScreenWakeLock();
  #figures: SendingFigures = readSending([], new Map()).figures;
  #counters: SendingCounters = new Map();
  #liveSinceMs: number | null = null;
  #foreseen: ForeseenCodec = { choice: null, vp9IsPossible: false };
  /** What the browser was last asked about: a picture's size, and what the person wants. */
  #foreseenFor = '';

  constructor(channelId: string, signalUrl: string) {
    this.probe = new UploadProbe(channelId);
    this.probe.on('changed', () => this.#events.emit('changed', undefined));
    this.session = new BroadcastSession({
      channelId,
      signalUrl,
      outlet: () => ({ video: this.media.picture, audio: this.media.sound }),
      linkBitrate: () => this.probe.bitrate,
    });
    this.media.on('changed', () => {
      this.session.outletChanged();
      void this.#foresee();
      this.#events.emit('changed', undefined);
    });
    this.session.on('changed', () => this.#sessionChanged());
    setInterval(() => void this.#look(), LOOK_MS);
    window.addEventListener('beforeunload', (event) => {
      // Leaving asks first; the browser has its own words for it.
      if (this.session.live.wanted) event.preventDefault();
    });
  }

  get phase(): LivePhase {
    return phaseOf(this.session.live);
  }
  get figures(): SendingFigures {
    return this.#figures;
  }
  /** How long it has been on air, milliseconds, interruptions included; null where it is not. */
  get onAirMs(): number | null {
    return this.#liveSinceMs === null ? null : performance.now() - this.#liveSinceMs;
  }

  /** What a broadcast that began now would be encoded as. */
  get foreseen(): ForeseenCodec {
    return this.#foreseen;
  }

  on<E extends keyof StudioEvents>(event: E, listener: (data: StudioEvents[E]) => void) {
    return this.#events.on(event, listener);
  }

  /** What the link has room for of the picture that there is; nothing where there is none. */
  get layerPlan(): LayerPlan[] {
    const track = this.media.picture?.track;
    const codec = this.#foreseen.choice?.codec;
    return track === undefined ? [] : fitToLink(planFor(track, null, codec), this.probe.bitrate);
  }

  /** For the next broadcast. */
  wishCodec(wish: CodecWish): Promise<void> {
    this.session.codecWish = wish;
    return this.#foresee();
  }

  /**
   * A probe that still runs is given up: the broadcast needs the link.
   *
   * @param streamKey undefined where whoever is logged in may go live
   */
  goLive(streamKey: string | undefined): void {
    this.probe.cancel();
    this.session.start(streamKey);
  }

  /** Is there anything to send? */
  get canGoLive(): boolean {
    return this.media.picture !== null || this.media.sound !== null;
  }

  #sessionChanged(): void {
    const { wanted, wasLive } = this.session.live;
    if (!wanted) this.#liveSinceMs = null;
    else if (wasLive) this.#liveSinceMs ??= performance.now();
    this.#wakeLock.want(wanted);
    void this.#foresee();
    this.#events.emit('changed', undefined);
  }

  async #foresee(): Promise<void> {
    if (!this.session.live.online) return;
    const { track, source } = this.media.picture ?? {};
    const asked = JSON.stringify([this.session.codecWish, source, sizeOf(track)]);
    if (asked === this.#foreseenFor) return;
    this.#foreseenFor = asked;
    try {
      this.#foreseen = await this.session.foreseeCodec();
      this.#events.emit('changed', undefined);
    } catch (error) {
      // Not before the server's welcome, which is a change again; or never, and then going live says why.
      this.#foreseenFor = '';
      console.debug('sfumato: codecs', error);
    }
  }

  async #look(): Promise<void> {
    if (this.session.live.link === 'none') return;
    try {
      const { figures, counters } = readSending(
        await this.session.statistics(),
        this.#counters,
        this.session.svcLayers,
      );
      this.#figures = figures;
      this.#counters = counters;
    } catch (error) {
      // The connection was closed under the look; the next one looks at its successor.
      console.debug('sfumato: no statistics', error);
    }
    this.#events.emit('changed', undefined);
  }
}
