import { randomInt } from 'node:crypto';
import type { ChunkCache } from './chunk-cache.ts';
import { ChunkFeed } from './chunk-feed.ts';
import { chunkIndexAt } from './media-chunk.ts';
import type { MediaReader } from './media-reader.ts';
import { createPlayoutClock, type PlayoutClock, wallClockPosition } from './playout-clock.ts';
import {
  AUDIO_SLACK_MS,
  type DueFrame,
  PlayoutSchedule,
  VIDEO_SLACK_MS,
} from './playout-schedule.ts';
import type { PumpOptions, PumpStats, PumpTarget } from './pump-messages.ts';
import { type PumpSocket, openPumpSocket } from './pump-socket.ts';
import { RtpSender } from './rtp-sender.ts';
import type { ScheduledTrack } from './track-cursor.ts';

/** The first packets leave a moment after the start, when their chunks have been read. */
const START_LEAD_MS = 20;

/** Shorter rounds than this would be all seam. */
const MIN_PERIOD_SECONDS = 0.1;

export type PumpStreamHooks = {
  /** A chunk came in that this stream waited for. */
  onReady(stream: PumpStream): void;
  onFailed(error: Error): void;
  /** The last frame of the last round has been sent. */
  onEnded(): void;
};

/** One broadcast: several tracks on one timeline, through one socket. */
export class PumpStream {
  readonly #options: PumpOptions;
  readonly #readers: readonly MediaReader[];
  readonly #chunks: ChunkFeed;
  readonly #hooks: PumpStreamHooks;
  readonly #socket: PumpSocket;
  readonly #senders: RtpSender[];
  readonly period: number;
  #clock: PlayoutClock | undefined;
  #schedule: PlayoutSchedule | undefined;
  #running = false;
  #ending: boolean;
  /** How many are sent in all, once that is known. */
  #rounds: number | undefined;
  #ended = false;

  static async open(
    options: PumpOptions,
    readers: readonly MediaReader[],
    cache: ChunkCache,
    hooks: PumpStreamHooks,
  ): Promise<PumpStream> {
    const period = commonPeriod(readers);
    return new PumpStream(options, readers, cache, hooks, period, await openPumpSocket());
  }

  private constructor(
    options: PumpOptions,
    readers: readonly MediaReader[],
    cache: ChunkCache,
    hooks: PumpStreamHooks,
    period: number,
    socket: PumpSocket,
  ) {
    this.#options = options;
    this.#readers = readers;
    this.#chunks = new ChunkFeed(cache, {
      onReady: () => hooks.onReady(this),
      onFailed: hooks.onFailed,
    });
    this.#hooks = hooks;
    this.#socket = socket;
    this.period = period;
    this.#ending = options.once === true;
    this.#senders = readers.map((reader, index) => this.#createSender(reader, index));
    for (const reader of readers) this.#chunks.get(reader, chunkIndexAt(options.beginAt ?? 0));
  }

  get port(): number {
    return this.#socket.port;
  }

  /** Begins the broadcast, or sends the running one to another place. */
  async start(target: PumpTarget): Promise<void> {
    this.#running = false;
    await this.#socket.connect(target);
    const nowMs = performance.now();
    this.#clock ??= this.#anchor(nowMs);
    this.#schedule ??= new PlayoutSchedule(this.#clock, this.period, this.#tracks());
    if (this.#ending) this.finishRound(nowMs);
    this.#schedule.seekTo(nowMs);
    for (const sender of this.#senders) sender.restart();
    this.#running = true;
  }

  /** Sends nothing more; the broadcast goes on, and `start` joins it where it then is. */
  stop(): void {
    this.#running = false;
  }

  /** The round that is being sent is the last one. */
  finishRound(nowMs: number = performance.now()): void {
    this.#ending = true;
    if (this.#rounds !== undefined || !this.#clock) return;
    this.#rounds = Math.floor(Math.max(0, this.#clock.positionAt(nowMs)) / this.period) + 1;
    this.#schedule?.endAfter(this.#rounds);
  }

  close(): void {
    this.#running = false;
    this.#socket.close();
  }

  /** Sends everything that is due. */
  run(nowMs: number): void {
    if (!this.#running || !this.#schedule) return;
    this.#schedule.run(nowMs, (due) => this.#send(due, nowMs));
    this.#sendReports(nowMs);
    if (this.#schedule.ended && !this.#ended) {
      this.#ended = true;
      this.#hooks.onEnded();
    }
  }

  /** When `run` is wanted next, milliseconds of the monotonic clock; Infinity for not yet. */
  nextDueMs(): number {
    if (!this.#running || !this.#schedule) return Number.POSITIVE_INFINITY;
    let due = this.#schedule.nextDueMs();
    for (const sender of this.#senders) due = Math.min(due, sender.reportDueMs);
    return due;
  }

  stats(): PumpStats {
    const { lateMs, skips } = this.#schedule?.takeStats() ?? { lateMs: 0, skips: 0 };
    return {
      packets: this.#senders.reduce((sum, sender) => sum + sender.packets, 0),
      bytes: this.#senders.reduce((sum, sender) => sum + sender.octets, 0),
      lateMs,
      skips,
      sendErrors: this.#socket.errors,
      position: this.#clock?.positionAt(performance.now()) ?? 0,
      period: this.period,
    };
  }

  #anchor(nowMs: number): PlayoutClock {
    const epochMs = performance.timeOrigin + nowMs;
    if (this.#options.alignToWallClock) {
      return createPlayoutClock({
        nowMs,
        epochMs,
        position: wallClockPosition(epochMs, this.period),
      });
    }
    return createPlayoutClock({
      nowMs: nowMs + START_LEAD_MS,
      epochMs: epochMs + START_LEAD_MS,
      position: this.#options.beginAt ?? 0,
    });
  }

  #createSender(reader: MediaReader, index: number): RtpSender {
    const { ssrcs, videoPayloadType, audioPayloadType, cname, absCaptureTimeId } = this.#options;
    const isVideo = reader.kind === 'video';
    const ssrc = isVideo ? ssrcs.video[index] : ssrcs.audio;
    if (ssrc === undefined) throw new Error(`No SSRC was given for ${reader.file}.`);
    return new RtpSender({
      ssrc,
      payloadType: isVideo ? videoPayloadType : audioPayloadType,
      clockRate: reader.clockRate,
      cname,
      absCaptureTimeId: isVideo ? absCaptureTimeId : undefined,
      firstSequenceNumber: randomInt(2 ** 15),
      timestampOffset: randomInt(2 ** 32),
    });
  }

  #tracks(): ScheduledTrack[] {
    return this.#readers.map((reader) => ({
      firstTime: reader.firstTime,
      needsKeyFrame: reader.kind === 'video',
      slackMs: reader.kind === 'video' ? VIDEO_SLACK_MS : AUDIO_SLACK_MS,
      chunk: (index: number) => this.#chunks.get(reader, index),
    }));
  }

  #send(due: DueFrame, nowMs: number): void {
    const sender = this.#senders[due.track];
    const clock = this.#clock;
    if (!sender || !clock) return;
    const capturedMs = clock.epochAt(clock.momentOf(due.position));
    sender.sendFrame(due.chunk, due.frame, due.position, nowMs, capturedMs, this.#socket.write);
  }

  #sendReports(nowMs: number): void {
    if (!this.#clock) return;
    for (const sender of this.#senders) {
      if (sender.reportDueMs <= nowMs)
        this.#socket.writeReport(sender.takeReport(nowMs, this.#clock));
    }
  }
}

/** The picture says how long a round is; without one, the sound does. */
function commonPeriod(readers: readonly MediaReader[]): number {
  const lead = readers[0];
  if (!lead) throw new Error('A Pump needs at least one file.');
  const period = lead.endTime - lead.firstTime;
  if (!(period >= MIN_PERIOD_SECONDS)) throw new Error(`${lead.file} is too short to be sent.`);
  return period;
}
