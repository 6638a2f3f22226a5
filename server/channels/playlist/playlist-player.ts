import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { PumpPool } from '../../rtp/pump-pool.ts';
import type { Sfu } from '../../sfu/sfu.ts';
import type { Channel } from '../channel.ts';
import { Bell } from './bell.ts';
import { type Contents, type Fault, NOTHING, readContents } from './contents.ts';
import { Failures, RETRY_MS } from './failures.ts';
import { beginsNow, closePart, finishRound, openPart, type Part } from './part.ts';
import type { OnBehalfOf, PlayableAssets } from './playable-assets.ts';
import type { Playlist } from './playlist.ts';
import type { Place } from './running-order.ts';
import { type PlaylistStatus, statusOf } from './status.ts';
import { isSameTurn, type NextTurn, repeatsOne, type Turn, whatsOn } from './whats-on.ts';

/** A playlist, and as whom the library is asked for what is in it. */
export interface StandingPlaylist {
  playlist: Playlist;
  as: OnBehalfOf;
}

export interface PlaylistMetrics {
  played(): void;
  failed(reason: string): void;
}

export interface PlayerTools {
  assets: PlayableAssets;
  sfu: Sfu;
  pumps: PumpPool;
  metrics: PlaylistMetrics;
  log: Logger;
}

/** The next one is opened so long before its time: media files may have to be fetched from S3. */
const OPEN_AHEAD_MS = 20_000;
/** Where an end does not come at its time, the clock is looked at again. */
const RECHECK_MS = 1_000;

/**
 * Plays one Channel's playlist. Everything is done by one loop, one thing after the other: each step looks at what
 * is so and does what is to be done about it, then it sleeps until the next moment, or until the bell is rung.
 */
export class PlaylistPlayer {
  readonly #channel: Channel;
  readonly #tools: PlayerTools;
  readonly #log: Logger;
  readonly #bell = new Bell();
  readonly #closing = new AbortController();
  readonly #seed = randomUUID();
  readonly #undo: (() => void)[];
  #standing: StandingPlaylist;
  #contents: Contents = NOTHING;
  #isStale = true;
  readonly #failures = new Failures();
  /** Where the list is. */
  #place: Place | undefined;
  #seenMs = Number.NEGATIVE_INFINITY;
  #playing: Part | undefined;
  /** It is over, but its last picture stays until the next one is on air. */
  #held: Part | undefined;
  #ready: Part | undefined;
  #next: NextTurn | undefined;
  #wasTaken = false;

  constructor(channel: Channel, standing: StandingPlaylist, tools: PlayerTools) {
    this.#channel = channel;
    this.#standing = standing;
    this.#tools = tools;
    this.#log = tools.log.child({ channel: channel.id });
    this.#undo = [
      channel.onChange(() => this.#onChannelChange()),
      tools.assets.onChange((ids) => this.#onAssetsChange(ids)),
    ];
    const { signal } = this.#closing;
    channel.closed.addEventListener('abort', () => this.close(), { signal });
    this.#run().catch((error: unknown) => this.#log.error({ err: error }, 'a playlist'));
  }

  get standing(): StandingPlaylist {
    return this.#standing;
  }

  /** Aborts when it is closed, by itself where its Channel is gone. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** What is playing goes on if it is still wanted. */
  change(standing: StandingPlaylist): void {
    this.#standing = standing;
    this.#failures.clear();
    this.#isStale = true;
    this.#bell.ring();
  }

  get status(): PlaylistStatus {
    const standing = {
      ...{ isTaken: this.#isTaken, playing: this.#playing, next: this.#next },
      ...{ contents: this.#contents, fault: this.#fault },
    };
    return statusOf(standing, Date.now());
  }

  /** Off air, if it was on. Idempotent. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    for (const undo of this.#undo) undo();
    this.#bell.ring();
    this.#dropAll();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#bell.wait(await this.#safeStep());
    }
    // What was opened while `close()` ran.
    this.#dropAll();
  }

  async #safeStep(): Promise<number> {
    try {
      return await this.#step();
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#log.error({ err: error }, 'a playlist waits');
      return Date.now() + RETRY_MS;
    }
  }

  /** @returns when the next one is due, milliseconds since the Unix epoch */
  async #step(): Promise<number> {
    if (this.#isStale) await this.#refresh();
    if (this.#isTaken) return this.#giveWay();
    if (this.#playing?.over === true) this.#hold();
    const { goesOn, next } = this.#look();
    this.#next = next;
    if (!goesOn) this.#hold();
    this.#endRepeating();
    if (next === undefined) return this.#wait();
    return this.#prepareOrBegin(next);
  }

  #look() {
    const nowMs = Date.now();
    const { found, assetIds } = this.#contents;
    const { playlist } = this.#standing;
    const result = whatsOn({
      ...{ playlist, assetIds, nowMs, seed: this.#seed, place: this.#place, seenMs: this.#seenMs },
      playing: this.#playing && { ...this.#playing.turn, endsMs: this.#playing.endsMs },
      isPlayable: (id) => found.has(id) && !this.#failures.has(id, nowMs),
      durationOf: (id) => found.get(id)?.duration,
    });
    if (result.goesOn) this.#seenMs = nowMs;
    return result;
  }

  async #prepareOrBegin(next: NextTurn): Promise<number> {
    const { startMs } = next;
    if (this.#ready !== undefined && !isSameTurn(this.#ready.turn, next)) this.#dropReady();
    const isIdle = this.#playing === undefined;
    if (isIdle && startMs - Date.now() > RECHECK_MS) this.#dropHeld();
    if (startMs - OPEN_AHEAD_MS > Date.now()) return startMs - OPEN_AHEAD_MS;
    this.#ready ??= await this.#open(next);
    if (this.#ready === undefined || this.#closing.signal.aborted) return Date.now();
    // The list goes on when the Pump says that it has sent everything; the bell is rung then.
    if (!isIdle && next.atMs === undefined) return Math.max(startMs, Date.now()) + RECHECK_MS;
    if (startMs > Date.now()) return startMs;
    await this.#begin(this.#ready);
    return Date.now();
  }

  async #open(next: NextTurn): Promise<Part | undefined> {
    const { assets, sfu, pumps, log } = this.#tools;
    try {
      return await openPart(next, {
        ...{ assets, as: this.#standing.as, channel: this.#channel, sfu, pumps, log },
        once: !this.#repeats(next),
        onEnded: (part) => this.#end(part),
        onFailed: (part, error) => this.#fail(part, error),
        mayBegin: () => !this.#isTaken,
      });
    } catch (error) {
      this.#markFailed(next.assetId, error);
      return undefined;
    }
  }

  async #begin(part: Part): Promise<void> {
    this.#ready = undefined;
    beginsNow(part);
    try {
      await part.playout.begin();
    } catch (error) {
      closePart(part);
      if (!this.#isTaken) this.#markFailed(part.turn.assetId, error);
      return;
    }
    this.#hold();
    this.#dropHeld();
    this.#playing = part;
    this.#seenMs = part.beganMs;
    this.#place = part.turn.place ?? this.#place;
    this.#isStale = true;
    this.#tools.metrics.played();
    this.#log.info({ asset: part.turn.assetId }, 'plays from the library');
  }

  #hold(): void {
    if (this.#playing === undefined) return;
    this.#dropHeld();
    this.#held = this.#playing;
    this.#playing = undefined;
  }

  /** Nothing is to be played, now or later. */
  #wait(): number {
    this.#dropReady();
    if (this.#playing === undefined) this.#dropHeld();
    if (this.#fault === undefined) return Number.POSITIVE_INFINITY;
    this.#isStale = true;
    return Math.min(Date.now() + RETRY_MS, this.#failures.nextRetryMs);
  }

  /** A broadcaster has the Channel; its going rings the bell. */
  #giveWay(): number {
    this.#dropAll();
    this.#seenMs = Number.NEGATIVE_INFINITY;
    this.#next = undefined;
    return Number.POSITIVE_INFINITY;
  }

  #repeats(turn: Turn): boolean {
    const { playlist } = this.#standing;
    return turn.atMs === undefined && repeatsOne(playlist, this.#contents.assetIds);
  }

  /** The list was one Asset over and over, and is not any more: this round is the last. */
  #endRepeating(): void {
    const part = this.#playing;
    if (part === undefined || !part.repeats || this.#repeats(part.turn)) return;
    finishRound(part);
    this.#bell.ring();
  }

  async #refresh(): Promise<void> {
    this.#isStale = false;
    const { playlist, as } = this.#standing;
    this.#contents = await readContents(this.#tools.assets, playlist, as);
  }

  #end(part: Part): void {
    part.over = true;
    this.#bell.ring();
  }

  #fail(part: Part, error: Error): void {
    if (this.#closing.signal.aborted) return;
    this.#markFailed(part.turn.assetId, error);
    if (part === this.#ready) this.#dropReady();
    this.#end(part);
  }

  #markFailed(assetId: string, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const { code } = this.#failures.note(assetId, error);
    this.#isStale = true;
    this.#tools.metrics.failed(code);
    this.#log.warn({ err: error, asset: assetId }, 'cannot be played');
  }

  get #isTaken(): boolean {
    const { publisher } = this.#channel.info();
    return publisher !== undefined && publisher.kind !== 'playout';
  }

  #onChannelChange(): void {
    if (this.#isTaken === this.#wasTaken) return;
    this.#wasTaken = this.#isTaken;
    this.#bell.ring();
  }

  #onAssetsChange(ids: readonly string[]): void {
    const { found, faults } = this.#contents;
    const ours = ids.filter((id) => found.has(id) || faults.has(id));
    if (ours.length === 0) return;
    for (const id of ours) this.#failures.forget(id);
    this.#isStale = true;
    this.#bell.ring();
  }

  get #fault(): Fault | undefined {
    const [fault] = this.#contents.faults.values();
    return this.#failures.first ?? fault;
  }

  #dropReady(): void {
    if (this.#ready !== undefined) closePart(this.#ready);
    this.#ready = undefined;
  }

  #dropHeld(): void {
    if (this.#held !== undefined) closePart(this.#held);
    this.#held = undefined;
  }

  #dropAll(): void {
    this.#hold();
    this.#dropHeld();
    this.#dropReady();
  }
}
