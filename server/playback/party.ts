import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type PartyEnd,
  type Party as PartyInfo,
  type PartyOrder,
  type PartySteering,
  type PartyTimeline,
  SfumatoError,
} from '../../signaling/contract/index.ts';
import {
  afterEnd,
  courseAt,
  endsAtMs,
  LEAD_MS,
  newTimeline,
  type SessionCourse,
  steered,
} from './party-timeline.ts';

/** A Session that goes where its party goes. */
export interface SteeredSession {
  follow(course: SessionCourse): void;
  /** The party is over. */
  letGo(): void;
}

/** What a Session has of its party. */
export interface SessionPlace {
  /** Where it is to begin, if it begins now. */
  course(): SessionCourse;
  /** It is not steered any more. Idempotent. */
  leave(): void;
}

/** Somebody who is told what happens. */
export interface PartyListener {
  moved(timeline: PartyTimeline): void;
  /** Others have come or gone, or others may steer. */
  changed(): void;
  ended(reason: PartyEnd): void;
}

export interface PartyOptions {
  id: string;
  assetId: string;
  /** Of the Asset, seconds. */
  duration: number;
  hostKey: string;
  /** Who made it: an account's or token's id. */
  ownerId: string;
  steering: PartySteering;
  /** Where it begins, seconds. */
  position: number;
  /** How long it is kept when nobody is there, milliseconds. */
  keptMs: number;
  /** The server's clock, as `readClock` tells it: milliseconds. */
  now: () => number;
  onEnded: () => void;
}

/** Everybody is told everything. */
const MAX_WATCHERS = 500;
/** Several orders within this time are told as one, the newest. Milliseconds. */
const MOVES_APART_MS = 50;
/** To another place: every Session sends the pictures that lead there, at once. Milliseconds. */
const SEEKS_APART_MS = 300;
/** The same of comings and goings. */
const CHANGES_APART_MS = 250;
/** The longest time that a timer can have, milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** People who watch one Asset together, and the timeline on which they do: it is the server's, and nobody's player's. */
export class Party {
  readonly id: string;
  readonly assetId: string;
  readonly ownerId: string;
  readonly #options: PartyOptions;
  readonly #hostKeyDigest: Buffer;
  readonly #watchers = new Set<PartyListener>();
  readonly #sessions = new Set<SteeredSession>();
  readonly #timers: Record<'end' | 'empty' | 'move' | 'change', NodeJS.Timeout | undefined> = {
    ...{ end: undefined, empty: undefined, move: undefined, change: undefined },
  };
  #steering: PartySteering;
  #timeline: PartyTimeline;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: PartyOptions) {
    this.#options = options;
    this.id = options.id;
    this.assetId = options.assetId;
    this.ownerId = options.ownerId;
    this.#hostKeyDigest = digest(options.hostKey);
    this.#steering = options.steering;
    this.#timeline = newTimeline(Math.min(options.position, options.duration), options.now());
    this.#waitForSomebody();
  }

  get steering(): PartySteering {
    return this.#steering;
  }

  info(): PartyInfo {
    const { id, assetId } = this;
    const [steering, timeline] = [this.#steering, this.#timeline];
    return { id, assetId, steering, timeline, watchers: this.#watchers.size };
  }

  /** In a time that says nothing about where it differs. */
  isHostKey(key: string | undefined): boolean {
    return key !== undefined && timingSafeEqual(digest(key), this.#hostKeyDigest);
  }

  /** @returns how to leave; idempotent. @throws SfumatoError `overloaded` */
  join(watcher: PartyListener): () => void {
    if (this.#watchers.size >= MAX_WATCHERS) throw noRoom();
    this.#watchers.add(watcher);
    this.#stop('empty');
    this.#tellChange();
    return () => {
      if (!this.#watchers.delete(watcher) || this.#closed) return;
      this.#tellChange();
      if (this.#watchers.size === 0) this.#waitForSomebody();
    };
  }

  /** Steers the Session from now on. @throws SfumatoError `overloaded` */
  admit(session: SteeredSession): SessionPlace {
    if (this.#sessions.size >= MAX_WATCHERS) throw noRoom();
    this.#sessions.add(session);
    const { now, duration } = this.#options;
    return {
      course: () => courseAt(this.#timeline, now(), duration),
      leave: () => this.#sessions.delete(session),
    };
  }

  /** For all, at the same moment. */
  steer(order: PartyOrder): PartyTimeline {
    const { now, duration } = this.#options;
    const timeline = steered(this.#timeline, order, { nowMs: now(), duration });
    const apartMs = order.at === undefined ? MOVES_APART_MS : SEEKS_APART_MS;
    if (timeline !== this.#timeline) this.#move(timeline, apartMs);
    return timeline;
  }

  setSteering(steering: PartySteering): void {
    if (steering === this.#steering) return;
    this.#steering = steering;
    this.#tellChange();
  }

  /** Idempotent. Sessions play on, each by itself. */
  close(reason: PartyEnd): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const name of ['end', 'empty', 'move', 'change'] as const) this.#stop(name);
    for (const watcher of this.#watchers) watcher.ended(reason);
    for (const session of this.#sessions) session.letGo();
    this.#watchers.clear();
    this.#sessions.clear();
    this.#options.onEnded();
  }

  #move(timeline: PartyTimeline, apartMs = MOVES_APART_MS): void {
    this.#timeline = timeline;
    this.#awaitEnd();
    if (this.#timers.move !== undefined) return;
    const waitMs = this.#toldAtMs + apartMs - this.#options.now();
    if (waitMs <= 0) this.#tellMove();
    else this.#start('move', waitMs, () => this.#tellMove());
  }

  /** Sessions first: for them it is a matter of milliseconds. */
  #tellMove(): void {
    const { now, duration } = this.#options;
    this.#toldAtMs = now();
    const course = courseAt(this.#timeline, this.#toldAtMs, duration);
    for (const session of this.#sessions) session.follow(course);
    for (const watcher of this.#watchers) watcher.moved(this.#timeline);
  }

  #tellChange(): void {
    if (this.#timers.change !== undefined) return;
    this.#start('change', CHANGES_APART_MS, () => {
      for (const watcher of this.#watchers) watcher.changed();
    });
  }

  /** What begins again is told ahead, so that it is there in time. */
  #awaitEnd(): void {
    this.#stop('end');
    const { now, duration } = this.#options;
    const endMs = endsAtMs(this.#timeline, duration);
    if (endMs === null) return;
    const waitMs = endMs - now() - (this.#timeline.loop ? LEAD_MS : 0);
    if (waitMs > MAX_TIMER_MS) this.#start('end', MAX_TIMER_MS, () => this.#awaitEnd());
    else this.#start('end', waitMs, () => this.#move(afterEnd(this.#timeline, duration)));
  }

  #waitForSomebody(): void {
    this.#start('empty', this.#options.keptMs, () => this.close('stopped'));
  }

  #start(name: 'end' | 'empty' | 'move' | 'change', waitMs: number, run: () => void): void {
    this.#stop(name);
    this.#timers[name] = setTimeout(
      () => {
        this.#timers[name] = undefined;
        run();
      },
      Math.max(0, waitMs),
    ).unref();
  }

  #stop(name: 'end' | 'empty' | 'move' | 'change'): void {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = undefined;
  }
}

function noRoom(): SfumatoError {
  return new SfumatoError('overloaded', `A party has room for ${MAX_WATCHERS} players.`);
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
