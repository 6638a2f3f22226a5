import type { MediaChunk } from './media-chunk.ts';
import type { PlayoutClock } from './playout-clock.ts';
import { type ScheduledTrack, TrackCursor } from './track-cursor.ts';

/**
 * How far from its time a frame may go out, so that it goes together with others: a wake-up costs as
 * much as several packets. Pictures keep their time; sound comes every 20 ms and is buffered for
 * longer than that, so it may wait for the picture next to it or go with it.
 */
export const VIDEO_SLACK_MS = 1;
export const AUDIO_SLACK_MS = 7;

/** Later than this, the machine stood still: what was missed is left out, not sent as one burst. */
export const MAX_LATE_MS = 500;

export type DueFrame = {
  /** Index of the track. */
  track: number;
  chunk: MediaChunk;
  frame: number;
  /** Seconds of broadcast. */
  position: number;
};

export type ScheduleStats = {
  /** How often the machine stood still and frames were left out. */
  skips: number;
  /** The most that a frame was late since it was last asked, milliseconds. */
  lateMs: number;
};

/** Says which frames are due. Knows neither sockets nor timers: time comes in as a number. */
export class PlayoutSchedule {
  readonly #clock: PlayoutClock;
  readonly #cursors: TrackCursor[];
  #rounds = Number.POSITIVE_INFINITY;
  #skips = 0;
  #lateMs = 0;

  constructor(clock: PlayoutClock, period: number, tracks: readonly ScheduledTrack[]) {
    this.#clock = clock;
    this.#cursors = tracks.map((track) => new TrackCursor(track, period));
  }

  /** Every track goes on with its first frame at or after this moment where decoding can begin. */
  seekTo(nowMs: number): void {
    const position = this.#clock.positionAt(nowMs);
    for (const cursor of this.#cursors) cursor.seek(position);
  }

  /** So many rounds are sent, counted from the position 0, and nothing after them. */
  endAfter(rounds: number): void {
    this.#rounds = rounds;
  }

  /** Everything of the last round has been handed over. */
  get ended(): boolean {
    return this.#cursors.every((cursor) => this.#isOver(cursor));
  }

  /** Hands over every frame that is due, in order within each track. */
  run(nowMs: number, send: (due: DueFrame) => void): void {
    const position = this.#clock.positionAt(nowMs);
    let skipped = false;
    for (const [track, cursor] of this.#cursors.entries()) {
      skipped = this.#catchUp(cursor, position) || skipped;
      this.#sendDue(track, cursor, position, send);
    }
    if (skipped) this.#skips += 1;
  }

  /** When the next frame must go, milliseconds; Infinity while every track waits for its chunk. */
  nextDueMs(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const cursor of this.#cursors) {
      const position = cursor.position;
      if (position === undefined || this.#isOver(cursor)) continue;
      earliest = Math.min(earliest, position + cursor.slackMs / 1000);
    }
    return earliest === Number.POSITIVE_INFINITY ? earliest : this.#clock.momentOf(earliest);
  }

  takeStats(): ScheduleStats {
    const stats = { skips: this.#skips, lateMs: this.#lateMs };
    this.#lateMs = 0;
    return stats;
  }

  #isOver(cursor: TrackCursor): boolean {
    return cursor.round >= this.#rounds;
  }

  #catchUp(cursor: TrackCursor, position: number): boolean {
    const next = cursor.position;
    if (next === undefined || position - next <= MAX_LATE_MS / 1000) return false;
    cursor.seek(position);
    return true;
  }

  #sendDue(
    track: number,
    cursor: TrackCursor,
    position: number,
    send: (due: DueFrame) => void,
  ): void {
    const slack = cursor.slackMs / 1000;
    for (;;) {
      const at = cursor.position;
      const chunk = cursor.chunk;
      if (at === undefined || chunk === undefined || at > position + slack) return;
      if (this.#isOver(cursor)) return;
      this.#lateMs = Math.max(this.#lateMs, (position - at - slack) * 1000);
      send({ track, chunk, frame: cursor.frame, position: at });
      cursor.advance();
    }
  }
}
