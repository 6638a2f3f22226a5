import { PICTURE_DELAY_MS } from '../../signaling/contract/index.ts';
import { burstTimes, SMALLEST_STEP } from './burst-times.ts';
import type { ChunkCache } from './chunk-cache.ts';
import { ChunkFeed } from './chunk-feed.ts';
import { chunkIndexAt } from './media-chunk.ts';
import type { MediaReader } from './media-reader.ts';
import type { PumpTarget } from './pump-messages.ts';
import { SessionBurst } from './session-burst.ts';
import { type FlowFrame, SessionFlow } from './session-flow.ts';
import { momentOf, orderAt } from './session-moment.ts';
import { planOrder, type SessionPlan } from './session-order.ts';
import { SessionOutput } from './session-output.ts';
import type {
  PumpPlayhead,
  SessionOrder,
  SessionPumpOptions,
  SessionPumpStats,
} from './session-pump.ts';
import { chunkOf, type StoredTrack } from './stored-track.ts';

/** The wanted picture's start over those that follow it: its pre-roll goes out before it. Seconds. */
const LEAD = 0.005;

/** A picture that is said to be lost so soon after an order is one from before it, milliseconds. */
const DEAF_AFTER_ORDER_MS = 300;
/** How often a lost picture is made good, milliseconds. */
const HEAL_INTERVAL_MS = 500;

export type SessionStreamHooks = {
  /** Something changed that may make this stream due earlier. */
  onReady(stream: SessionStream): void;
  onFailed(error: Error): void;
  onRendition(rendition: number): void;
  /** Pictures of before are sent again, or the timeline was moved. */
  onMoved(playhead: PumpPlayhead): void;
  onEnded(playhead: PumpPlayhead): void;
};

/** A picture that was sent or is on its way. */
type SentPicture = { line: number; position: number; rendition: number; isLast: boolean };

type Waiting = (playhead: PumpPlayhead | undefined) => void;

/** One Session: a Rendition at a time and the sound, through one socket, on one RTP clock. */
export class SessionStream {
  readonly #hooks: SessionStreamHooks;
  readonly #output: SessionOutput;
  readonly #video: readonly StoredTrack[];
  readonly #audio: StoredTrack | undefined;
  readonly #burst = new SessionBurst();
  readonly duration: number;
  readonly framesPerSecond: number;
  #closed = false;
  /** Counts orders, so that what was read for an earlier one is let go. */
  #turn = 0;
  #order: SessionOrder | undefined;
  /** Those who want to know what becomes of the order that is being read. */
  #waiting: Waiting[] = [];
  #flow: SessionFlow | undefined;
  #last: SentPicture | undefined;
  #soundUntil = Number.NEGATIVE_INFINITY;
  /** The Rendition that flows. */
  #rendition: number | undefined;
  #obeyedMs = Number.NEGATIVE_INFINITY;
  #healedMs = Number.NEGATIVE_INFINITY;
  #lateMs = 0;

  /** @param readers of the files, the picture's first */
  static async open(
    options: SessionPumpOptions,
    readers: readonly MediaReader[],
    cache: ChunkCache,
    hooks: SessionStreamHooks,
  ): Promise<SessionStream> {
    const [first] = readers;
    if (first?.kind !== 'video') throw new Error('A Session needs a picture.');
    const hasSound = readers.some(({ kind }) => kind === 'audio');
    const output = await SessionOutput.open(options, hasSound);
    return new SessionStream(first, readers, cache, hooks, output);
  }

  private constructor(
    first: MediaReader,
    readers: readonly MediaReader[],
    cache: ChunkCache,
    hooks: SessionStreamHooks,
    output: SessionOutput,
  ) {
    const chunks = new ChunkFeed(cache, {
      onReady: () => hooks.onReady(this),
      onFailed: hooks.onFailed,
    });
    const audio = readers.find(({ kind }) => kind === 'audio');
    this.#hooks = hooks;
    this.#output = output;
    output.onPictureLost = () => void this.#heal();
    this.#video = readers
      .filter(({ kind }) => kind === 'video')
      .map((reader) => trackOfFile(chunks, reader, reader.firstTime));
    this.#audio = audio && trackOfFile(chunks, audio, first.firstTime);
    this.duration = first.endTime - first.firstTime;
    this.framesPerSecond = 1 / first.frameSeconds;
  }

  get port(): number {
    return this.#output.port;
  }

  async connect(target: PumpTarget): Promise<void> {
    await this.#output.connect(target);
  }

  /** @returns the newest order's playhead, when its first packets are on their way; undefined when closed before */
  steer(order: SessionOrder): Promise<PumpPlayhead | undefined> {
    this.#halt();
    this.#burst.drop();
    this.#turn += 1;
    this.#order = order;
    void this.#obey(this.#turn);
    return this.#nextPlayhead();
  }

  /** What is being read for an order is still sent, up to its wanted picture. */
  pause(): Promise<PumpPlayhead | undefined> {
    this.#halt();
    if (this.#order) this.#order = { ...this.#order, rate: 0 };
    if (this.#waiting.length > 0) return this.#nextPlayhead();
    return Promise.resolve(this.#closed ? undefined : this.#playhead(this.#last, 0));
  }

  /** From its next key frame on. */
  switchTo(rendition: number): void {
    if (this.#order) this.#order = { ...this.#order, rendition };
    this.#flow?.switchTo(rendition);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#halt();
    this.#burst.drop();
    this.#turn += 1;
    this.#output.close();
    this.#answer(undefined);
  }

  /** Sends everything that is due. */
  run(nowMs: number): void {
    this.#burst.run(nowMs, ({ place, line }) => this.#output.sendPicture(place, line, nowMs, true));
    if (!this.#burst.isOver) return;
    this.#runFlow(nowMs);
    if (this.#flow) this.#output.sendReports(nowMs);
  }

  /** When `run` is wanted next, milliseconds of the monotonic clock; Infinity for not yet. */
  nextDueMs(): number {
    if (!this.#burst.isOver) return this.#burst.dueMs;
    if (!this.#flow) return Number.POSITIVE_INFINITY;
    return Math.min(this.#output.momentOf(this.#flow.nextDueLine()), this.#output.reportDueMs);
  }

  stats(): SessionPumpStats {
    const lateMs = Math.max(this.#lateMs, this.#flow?.takeLateMs() ?? 0);
    this.#lateMs = 0;
    const { packets, bytes } = this.#output;
    return { packets, bytes, lateMs };
  }

  #nextPlayhead(): Promise<PumpPlayhead | undefined> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #answer(playhead: PumpPlayhead | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(playhead);
  }

  /** Nothing follows what was sent. */
  #halt(): void {
    if (!this.#flow) return;
    this.#lateMs = Math.max(this.#lateMs, this.#flow.takeLateMs());
    this.#soundUntil = this.#flow.soundUntil;
    this.#flow = undefined;
  }

  async #obey(turn: number): Promise<void> {
    const order = this.#order && orderAt(this.#order, performance.timeOrigin + performance.now());
    const plan = await this.#plan(turn, order);
    if (!plan || !this.#order) return;
    const nowMs = performance.now();
    this.#obeyedMs = nowMs;
    this.#output.restartReports();
    const timely = this.#lineFor(this.#order, plan.position);
    const line = this.#sendUpTo(plan, timely ?? this.#output.lineAt(nowMs) + LEAD, nowMs);
    const { rate } = this.#order;
    if (rate > 0) this.#flow = this.#flowAfter(plan, timely ?? line, this.#order);
    this.#answer(this.#playhead(this.#last, plan.isLast ? 0 : rate));
    this.#hooks.onReady(this);
  }

  /** Where a picture must lie of an order for a moment. */
  #lineFor(order: SessionOrder, position: number): number | undefined {
    const epochMs = momentOf(order, position);
    if (epochMs === undefined) return undefined;
    return this.#output.lineAt(epochMs - performance.timeOrigin) + LEAD;
  }

  /** What is to be sent, with everything read; undefined when there is a newer order, or a file is gone. */
  async #plan(turn: number, order: SessionOrder | undefined): Promise<SessionPlan | undefined> {
    if (!order) return undefined;
    try {
      const [plan] = await Promise.all([
        planOrder(this.#tracksFor(turn), order),
        order.rate === 1 ? this.#audio?.load(chunkOf(this.#audio, order.at)) : undefined,
      ]);
      return turn === this.#turn ? plan : undefined;
    } catch (error) {
      if (turn === this.#turn)
        this.#hooks.onFailed(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  /** The files, read only as long as there is no newer order. */
  #tracksFor(turn: number): StoredTrack[] {
    return this.#video.map((track) => ({
      ...track,
      load: async (index) => {
        if (turn !== this.#turn) throw new Error('There is a newer order.');
        return track.load(index);
      },
    }));
  }

  /** The wanted picture and those before it, at once. @returns where the wanted one lies on the line */
  #sendUpTo(plan: SessionPlan, wantedLine: number, nowMs: number): number {
    const { preRoll, wanted, position, rendition, isLast } = plan;
    const after = this.#last?.line ?? Number.NEGATIVE_INFINITY;
    const times = burstTimes(preRoll.length, after, wantedLine);
    this.#burst.begin(
      [
        ...preRoll.map((place, index) => ({ place, line: times.preRoll[index] ?? times.wanted })),
        { place: wanted, line: times.wanted },
      ],
      nowMs,
    );
    this.#last = { line: times.wanted, position, rendition, isLast };
    this.#tellRendition(rendition);
    this.run(nowMs);
    return times.wanted;
  }

  #flowAfter(plan: SessionPlan, line: number, order: SessionOrder): SessionFlow {
    const { rate, rendition: target, atMs } = order;
    const audio = rate === 1 ? this.#audio : undefined;
    return new SessionFlow({
      video: this.#video,
      audio,
      // At a party all pictures are to be seen at one moment, whatever becomes of the sound.
      pictureDelay: audio && atMs === undefined ? PICTURE_DELAY_MS / 1000 : 0,
      plan,
      line,
      soundUntil: this.#soundUntil,
      rate,
      target,
      duration: this.duration,
    });
  }

  #runFlow(nowMs: number): void {
    const flow = this.#flow;
    if (!flow) return;
    const moved = flow.run(this.#output.lineAt(nowMs), (frame) => this.#sendDue(frame, nowMs));
    if (moved) this.#wasStill(flow);
    if (!flow.ended || this.#flow !== flow) return;
    this.#halt();
    if (this.#last) this.#last = { ...this.#last, isLast: true };
    this.#hooks.onEnded(this.#playhead(this.#last, 0));
  }

  /** What goes by the clock is not where it was: others, whose machine did not stand still, are further. */
  #wasStill(flow: SessionFlow): void {
    if (this.#order?.atMs === undefined) {
      this.#hooks.onMoved(this.#playhead(this.#last, flow.rate));
      return;
    }
    void this.steer(this.#order).then((playhead) => playhead && this.#hooks.onMoved(playhead));
  }

  #sendDue({ place, line, position, rendition }: FlowFrame, nowMs: number): void {
    if (rendition === undefined) {
      this.#output.sendSound(place, line, nowMs);
      return;
    }
    // A burst may have reached a moment further than it should.
    const after = Math.max(line, (this.#last?.line ?? line) + SMALLEST_STEP);
    this.#last = { line: after, position, rendition, isLast: false };
    this.#tellRendition(rendition);
    this.#output.sendPicture(place, after, nowMs, false);
  }

  #tellRendition(rendition: number): void {
    if (rendition === this.#rendition) return;
    this.#rendition = rendition;
    this.#hooks.onRendition(rendition);
  }

  #playhead(picture: SentPicture | undefined, rate: number): PumpPlayhead {
    const { line, position, rendition, isLast } = picture ?? {
      ...{ line: this.#output.lineAt(performance.now()), position: 0 },
      ...{ rendition: this.#order?.rendition ?? 0, isLast: false },
    };
    return {
      rtpTimestamp: this.#output.timestampAt(line),
      position,
      rate,
      rendition,
      ended: isLast,
    };
  }

  /** A picture was lost for good: decoding begins again at the key frame before. Not at once after an order, or often. */
  async #heal(): Promise<void> {
    const nowMs = performance.now();
    if (!this.#last || this.#waiting.length > 0 || !this.#burst.isOver) return;
    if (nowMs - this.#obeyedMs < DEAF_AFTER_ORDER_MS) return;
    if (nowMs - this.#healedMs < HEAL_INTERVAL_MS) return;
    this.#healedMs = nowMs;
    await (this.#flow ? this.#healFlow(this.#flow) : this.#healStill(this.#last));
    this.#hooks.onReady(this);
  }

  /** What stands is sent once more. */
  async #healStill({ position }: SentPicture): Promise<void> {
    const plan = await this.#planAgain(position);
    if (!plan || this.#flow) return;
    const nowMs = performance.now();
    this.#sendUpTo(plan, this.#output.lineAt(nowMs) + LEAD, nowMs);
    this.#hooks.onMoved(this.#playhead(this.#last, 0));
  }

  /**
   * The next picture is sent with everything that its decoding needs, in the lowest Rendition, for a link that loses
   * pictures is in trouble; the timeline stays as it is, and from its next key frame on there is the other one again.
   */
  async #healFlow(flow: SessionFlow): Promise<void> {
    for (let wanted = flow.next; wanted !== undefined; wanted = flow.next) {
      const plan = await this.#planAgain(wanted.position, 0);
      if (!plan || this.#flow !== flow) return;
      // It may have been sent meanwhile, where something had to be read, which is in memory now.
      if (flow.next?.position !== wanted.position) continue;
      flow.goOnAfter(plan);
      this.#sendUpTo(plan, wanted.line, performance.now());
      this.#hooks.onMoved(this.#playhead(this.#last, plan.isLast ? 0 : flow.rate));
      return;
    }
  }

  #planAgain(at: number, rendition?: number): Promise<SessionPlan | undefined> {
    const order = this.#order && { ...this.#order, at, frames: 0 };
    return this.#plan(this.#turn, order && { ...order, rendition: rendition ?? order.rendition });
  }
}

/** Which chunk a position is in is counted from the file's own beginning, of sound and picture alike. */
function trackOfFile(chunks: ChunkFeed, reader: MediaReader, origin: number): StoredTrack {
  return {
    origin,
    lastChunk: chunkIndexAt(reader.endTime),
    pixels: reader.pixels,
    chunk: (index) => chunks.get(reader, index),
    load: (index) => chunks.load(reader, index),
  };
}
