import type { Logger } from 'pino';
import type { LayerChange, LayerLimit } from '../sfu/layer-choice.ts';
import type { Link } from '../sfu/link.ts';
import { floorOf, type LinkReading, neededFor } from '../sfu/link-ceiling.ts';
import type { Allowance } from './steering.ts';
import {
  burstBytesOf,
  chooseRendition,
  distrusted,
  firstTrust,
  isTooMuch,
  type LinkMemory,
  refitted,
  renditionReason,
  trusted,
} from './rendition-choice.ts';

/** What is asked of a link. */
export type AskedLink = Pick<Link, keyof Link>;

export interface RenditionWatchOptions {
  /** Of the Renditions, lowest first, bits a second. */
  bitrates: readonly number[];
  /** Of the sound. */
  soundBitrate: number;
  /** What the link carried last time, bits a second. */
  startBitrate: number;
  limit: LayerLimit;
  /** Undefined while there is no picture. */
  link: () => AskedLink | undefined;
  /** Another Rendition is to be sent from its next key frame on. */
  onChoice: (rendition: number) => void;
  /** The link is overrun: what is on its way is let go, and the picture goes on with a key frame. */
  onOverrun: () => Promise<void>;
  /** What flows, or why, is not what it was. */
  onChange: (change: LayerChange) => void;
  log: Logger;
}

/** How often a link that holds a Viewer back is thought about, milliseconds. */
const REVIEW_INTERVAL_MS = 500;
/** So many reviews for one look at what the link carries; after so many looks only one in three. */
const REVIEWS_PER_LOOK = 3;
const EAGER_LOOKS = 6;
const PATIENT_TURNS = 3;
/** After so many looks that showed nothing, the estimate is given room for the next Rendition. */
const UNANSWERED_LOOKS = 4;
/** A Rendition that takes less than this share of the estimate has room. */
const ROOM_TO_SPARE = 0.7;
/** Pictures that come so much too late have filled a queue, whatever the estimate still says; milliseconds. */
const SURELY_LATE_MS = 160;

/** Follows one Viewer's link and device, and tells which Rendition it is to have. */
export class RenditionWatch {
  readonly #options: RenditionWatchOptions;
  readonly #top: number;
  readonly #timer: NodeJS.Timeout;
  #memory: LinkMemory;
  #limit: LayerLimit;
  #estimate: number;
  /** What the estimator goes up to, bits a second. */
  #maximum = 0;
  #flowing: number | null = null;
  #chosen: number | undefined;
  /** Seconds of media a second; 0 while nothing is sent. */
  #rate = 0;
  #told: LayerChange | undefined;
  #reviews = 0;
  #looked = { estimate: 0, times: 0 };
  #isClosed = false;

  constructor(options: RenditionWatchOptions) {
    this.#options = options;
    this.#top = options.bitrates.length - 1;
    this.#limit = options.limit;
    this.#estimate = options.startBitrate;
    this.#memory = firstTrust(options.startBitrate, this.#reading());
    this.#timer = setInterval(() => this.#review(), REVIEW_INTERVAL_MS);
  }

  /** What may be sent at this moment. */
  get allowance(): Allowance {
    const rendition = chooseRendition(this.#memory, this.#limit, this.#top);
    return { rendition, burstBytes: burstBytesOf(this.#estimate) };
  }

  setLimit(limit: LayerLimit): void {
    this.#limit = limit;
    this.#choose();
  }

  /** @param rate seconds of media a second, 0: nothing is sent; another one takes other bit rates */
  setRate(rate: number): void {
    if (rate === this.#rate) return;
    const before = this.#rate;
    this.#rate = rate;
    if (rate > Math.max(1, before)) this.#memory = refitted(this.#memory, this.#reading());
  }

  /** @param rendition that flows now */
  setFlowing(rendition: number): void {
    this.#flowing = rendition;
    this.#chosen = rendition;
    this.#choose();
  }

  /** @param estimate what the link carries @param maximum what the estimator goes up to; bits a second */
  setEstimate(estimate: number, maximum: number): void {
    this.#estimate = estimate;
    if (this.#options.link()?.capped !== true) this.#maximum = maximum;
    this.#unlessClosed(this.#judge());
  }

  /** The client sees pictures come later and later, by so many milliseconds: sooner than the estimate falls. */
  relieve(lateMs: number): void {
    const reading = this.#reading();
    const { current } = reading;
    if (current === null || current === 0) return;
    const hasRoom = (reading.bitrates[current] ?? 0) < this.#estimate * ROOM_TO_SPARE;
    if (hasRoom && lateMs < SURELY_LATE_MS) return;
    this.#unlessClosed(this.#fall(reading));
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  async #judge(): Promise<void> {
    const reading = this.#reading();
    const link = this.#options.link();
    const floor = link?.floorOf(reading.current ?? 0) ?? 0;
    // Whether the receiver complains is asked only where it decides.
    const isDistressed =
      floor > 0 && isTooMuch(reading, floor, true) && (await link?.isDistressed()) === true;
    if (this.#isClosed) return;
    if (isTooMuch(reading, floor, isDistressed)) return await this.#fall(reading);
    this.#memory = trusted(this.#memory, reading);
    await this.#hold(reading);
    this.#choose();
  }

  async #fall(reading: LinkReading): Promise<void> {
    // It has, and the lowest is on its way.
    if (this.#chosen === 0) return;
    this.#memory = distrusted(this.#memory, reading);
    this.#reviews = 0;
    this.#choose();
    await this.#options.onOverrun();
    await this.#options.link()?.letGo();
  }

  /** Keeps the estimate from going below what is sent, or is about to be. */
  async #hold(reading: LinkReading): Promise<void> {
    const { current } = reading;
    if (current === null) return;
    const layer = Math.max(current, Math.min(this.allowance.rendition, this.#top));
    await this.#options.link()?.hold(layer, floorOf({ ...reading, current: layer }));
  }

  #choose(): void {
    if (this.#isClosed) return;
    const { rendition } = this.allowance;
    if (this.#flowing !== null && rendition !== this.#chosen) {
      this.#chosen = rendition;
      this.#options.onChoice(rendition);
    }
    this.#tell();
  }

  /** Only what is news: estimates come every second, and each change is counted and sent. */
  #tell(): void {
    const flowing = { current: this.#flowing, top: this.#top };
    const reason = renditionReason(this.#memory, this.#limit, flowing);
    const spatialLayer = this.#limit.picture ? this.#flowing : null;
    if (this.#told?.spatialLayer === spatialLayer && this.#told.reason === reason) return;
    this.#told = { spatialLayer, reason };
    this.#options.onChange(this.#told);
  }

  /** While the link is all that holds the Viewer back: time passes, and the estimator is asked for new looks. */
  #review(): void {
    const link = this.#options.link();
    if (link === undefined) return;
    if (!this.#isHeldBack()) {
      this.#reviews = 0;
      return this.#unlessClosed(link.endLook());
    }
    this.#memory = trusted(this.#memory, this.#reading());
    this.#choose();
    this.#reviews += 1;
    if (this.#reviews % REVIEWS_PER_LOOK > 0) return;
    const looks = this.#reviews / REVIEWS_PER_LOOK;
    if (looks > EAGER_LOOKS && looks % PATIENT_TURNS > 0) return;
    this.#unlessClosed(this.#isUnanswered() ? this.#leap(link) : link.look(this.#maximum));
  }

  #isHeldBack(): boolean {
    const { picture, layer } = this.#limit;
    if (this.#rate === 0 || !picture || this.#flowing === null) return false;
    return this.allowance.rendition < Math.min(layer, this.#top);
  }

  /** Has the estimate been the same, to the bit, through several looks? It does happen, for a minute and more. */
  #isUnanswered(): boolean {
    const same = this.#looked.estimate === this.#estimate;
    this.#looked = { estimate: this.#estimate, times: same ? this.#looked.times + 1 : 0 };
    if (this.#looked.times < UNANSWERED_LOOKS) return false;
    this.#looked.times = 0;
    return true;
  }

  /** The next Rendition is the probe: its floor makes room for it, and what comes of it is seen as with any other. */
  async #leap(link: AskedLink): Promise<void> {
    const next = (this.#flowing ?? -1) + 1;
    await link.endLook();
    await link.hold(next, neededFor(next, this.#reading()));
  }

  /** What the link has to carry: of what flows and what will from its next key frame on, the higher one. */
  get #asked(): number | null {
    return this.#flowing === null ? null : Math.max(this.#flowing, this.#chosen ?? 0);
  }

  #reading(): LinkReading {
    const { bitrates, soundBitrate } = this.#options;
    const rate = this.#rate || 1;
    return {
      estimate: this.#estimate,
      bitrates: bitrates.map((bitrate) => bitrate * rate),
      // Sound is sent at its own speed only.
      besides: rate === 1 ? soundBitrate : 0,
      current: this.#rate === 0 ? null : this.#asked,
      nowMs: performance.now(),
    };
  }

  #unlessClosed(done: Promise<void>): void {
    done.catch((error: unknown) => {
      if (!this.#isClosed) this.#options.log.warn({ err: error }, 'a link could not be asked');
    });
  }
}
