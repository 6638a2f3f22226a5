import { describe, expect, test } from '@jest/globals';
import { buildChunk, CHUNK_SECONDS, type MediaChunk } from './media-chunk.ts';
import { createPlayoutClock, rtpTimestamp, wallClockPosition } from './playout-clock.ts';
import { type DueFrame, PlayoutSchedule } from './playout-schedule.ts';
import type { ScheduledTrack } from './track-cursor.ts';

type FakeTrack = ScheduledTrack & { loaded: boolean };

/** Frames at `first + index * length`, each with a payload; a key frame every `keyEvery`. */
function fakeTrack(options: {
  frames: number;
  length: number;
  first?: number;
  keyEvery?: number;
  slackMs?: number;
}): FakeTrack {
  const { frames, length, first = 0, keyEvery = 1 } = options;
  const chunks: MediaChunk[] = [];
  const timeOf = (index: number) => first + index * length;
  const count = Math.ceil(timeOf(frames) / CHUNK_SECONDS) + 1;
  for (let chunk = 0; chunk < count; chunk += 1) {
    const inside = (time: number) =>
      time < (chunk + 1) * CHUNK_SECONDS && (chunk === 0 || time >= chunk * CHUNK_SECONDS);
    const indexes = Array.from({ length: frames }, (_, index) => index).filter((index) =>
      inside(timeOf(index)),
    );
    chunks.push(
      buildChunk(
        indexes.map((index) => ({
          seconds: timeOf(index),
          duration: length,
          isKeyFrame: index % keyEvery === 0,
          payloads: [new Uint8Array(1)],
        })),
      ),
    );
  }
  return {
    firstTime: first,
    needsKeyFrame: keyEvery > 1,
    slackMs: options.slackMs ?? 0,
    loaded: true,
    chunk(index) {
      return this.loaded ? (chunks[index] ?? buildChunk([])) : undefined;
    },
  };
}

const startAt = (position = 0, nowMs = 0) =>
  createPlayoutClock({ nowMs, epochMs: 1_000_000, position });

/** Runs the schedule to a time, waking when it asks to, each time a little late. */
function play(
  schedule: PlayoutSchedule,
  fromMs: number,
  toMs: number,
  onFrame: (due: DueFrame, nowMs: number) => void,
  lateMs = () => 0,
): void {
  let nowMs = fromMs;
  while (nowMs < toMs) {
    const at = nowMs;
    schedule.run(at, (due) => onFrame(due, at));
    nowMs = Math.max(nowMs + 0.01, schedule.nextDueMs()) + lateMs();
  }
}

describe('an hour of rounds', () => {
  // Sound that was born at 44.1 kHz ends where no frame of the picture ends.
  test.each([
    ['NTSC, 10 s', 30_000 / 1001, 300, 10.01, -312 / 48_000],
    ['film, an odd length', 24_000 / 1001, 1001, 41.7, -312 / 48_000],
    ['PAL, short', 25, 47, 1.9, 0],
    ['30, a minute', 30, 1800, 60.02, -312 / 48_000],
    ['sound shorter than the picture', 30, 300, 7.3, -312 / 48_000],
  ])('%s: sound and picture keep together', (_name, rate, frames, soundSeconds, first) => {
    const period = frames / rate;
    const video = fakeTrack({ frames, length: 1 / rate, keyEvery: 8, slackMs: 1 });
    const audio = fakeTrack({
      frames: Math.floor(soundSeconds / 0.02),
      length: 0.02,
      first,
      slackMs: 7,
    });
    const schedule = new PlayoutSchedule(startAt(), period, [video, audio]);
    schedule.seekTo(0);
    const last = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const counts = [0, 0];
    let random = 1;
    const jitter = () => {
      random = (random * 16_807) % 2_147_483_647;
      return (random / 2_147_483_647) * 3;
    };
    const worst = { clock: 0, sending: 0, seam: Number.POSITIVE_INFINITY };
    play(
      schedule,
      0,
      3_600_000,
      ({ track, chunk, frame, position }, nowMs) => {
        const clockRate = track === 0 ? 90_000 : 48_000;
        const media = chunk.times[frame] ?? 0;
        // Where the frame lies in the broadcast, computed from whole rounds, not by adding up.
        const round = Math.round((position - media) / period);
        const ticks = rtpTimestamp(position, clockRate, 0);
        const trueTicks = (round * frames * clockRate) / rate + media * clockRate;
        const wrapped = ((trueTicks % 2 ** 32) + 2 ** 32) % 2 ** 32;
        worst.clock = Math.max(worst.clock, Math.abs(ticks - wrapped) / clockRate);
        worst.sending = Math.max(worst.sending, Math.abs(nowMs / 1000 - position));
        worst.seam = Math.min(
          worst.seam,
          position - (last[track] ?? 0) - (chunk.durations[frame] ?? 0),
        );
        last[track] = position;
        counts[track] = (counts[track] ?? 0) + 1;
      },
      jitter,
    );
    // The clocks differ by rounding to a tick only; sending by the timer's own lateness.
    expect(worst.clock).toBeLessThan(1 / 48_000);
    expect(worst.sending).toBeLessThan(0.02);
    // No frame reaches into the next one, across every seam.
    expect(worst.seam).toBeGreaterThan(-1e-6);
    expect(counts[0]).toBeGreaterThanOrEqual(Math.floor(3600 * rate) - 1);
    expect(schedule.takeStats()).toMatchObject({ skips: 0 });
  });
});

test('at the seam the RTP clock goes on as the media clock says', () => {
  const video = fakeTrack({ frames: 30, length: 1001 / 30_000, keyEvery: 7 });
  const schedule = new PlayoutSchedule(startAt(), 1.001, [video]);
  schedule.seekTo(0);
  const stamps: number[] = [];
  play(schedule, 0, 5000, ({ position }) => stamps.push(rtpTimestamp(position, 90_000, 4e9)));
  const steps = stamps
    .slice(1)
    .map((stamp, index) => (stamp - (stamps[index] ?? 0) + 2 ** 32) % 2 ** 32);
  expect(new Set(steps)).toEqual(new Set([3003]));
});

test('sound with a coder’s delay joins the next round without a gap where it fits', () => {
  const first = -312 / 48_000;
  const audio = fakeTrack({ frames: 52, length: 0.02, first });
  const schedule = new PlayoutSchedule(startAt(), 1, [audio]);
  schedule.seekTo(0);
  const stamps: number[] = [];
  play(schedule, 0, 4000, ({ position }) => stamps.push(Math.round(position * 48_000)));
  const steps = stamps.slice(1).map((stamp, index) => stamp - (stamps[index] ?? 0));
  expect(new Set(steps)).toEqual(new Set([960]));
});

describe('a machine that stood still', () => {
  const tracks = () => [
    fakeTrack({ frames: 300, length: 1 / 30, keyEvery: 32 }),
    fakeTrack({ frames: 500, length: 0.02 }),
  ];

  test('for a moment: everything is sent, late', () => {
    const schedule = new PlayoutSchedule(startAt(), 10, tracks());
    schedule.seekTo(0);
    let video = 0;
    schedule.run(0, () => undefined);
    schedule.run(300, ({ track }) => {
      video += track === 0 ? 1 : 0;
    });
    expect(video).toBe(9);
    const { skips, lateMs } = schedule.takeStats();
    expect(skips).toBe(0);
    expect(lateMs).toBeGreaterThan(250);
  });

  test('for long: goes on with the next key frame, without a burst, on the same clock', () => {
    const schedule = new PlayoutSchedule(startAt(), 10, tracks());
    schedule.seekTo(0);
    schedule.run(0, () => undefined);
    const sent: DueFrame[] = [];
    schedule.run(3000, (due) => sent.push(due));
    expect(sent.every(({ position }) => position >= 3 - 1e-6)).toBe(true);
    expect(sent.length).toBeLessThan(3);
    play(schedule, 3001, 4000, (due) => sent.push(due));
    const picture = sent.find(({ track }) => track === 0);
    // Key frames lie at 0, 32, 64, 96: the first one after 3 s is frame 96.
    expect(picture?.position).toBeCloseTo(96 / 30, 6);
    expect(schedule.takeStats().skips).toBe(1);
  });

  test('over the end of a round', () => {
    const schedule = new PlayoutSchedule(startAt(), 10, tracks());
    schedule.seekTo(0);
    schedule.run(0, () => undefined);
    const sent: DueFrame[] = [];
    play(schedule, 27_500, 31_000, (due) => sent.push(due));
    const [first] = sent.filter(({ track }) => track === 0);
    expect(first?.position).toBeCloseTo(20 + 256 / 30, 6);
    expect(sent.some(({ position }) => position >= 30)).toBe(true);
  });
});

test('a chunk that is not there yet holds up its own track only', () => {
  const [video, audio] = [
    fakeTrack({ frames: 300, length: 1 / 30, keyEvery: 8 }),
    fakeTrack({ frames: 500, length: 0.02 }),
  ];
  video.loaded = false;
  const schedule = new PlayoutSchedule(startAt(), 10, [video, audio]);
  schedule.seekTo(0);
  const seen = [0, 0];
  const count = ({ track }: DueFrame) => {
    seen[track] = (seen[track] ?? 0) + 1;
  };
  play(schedule, 0, 1000, count);
  expect(seen).toEqual([0, 50]);
  video.loaded = true;
  // Its key frames lie at 0, 8, 16, 24, 32: those before now are past.
  const pictures: number[] = [];
  play(schedule, 1000, 1300, ({ track, position }) => {
    if (track === 0) pictures.push(Math.round(position * 30));
  });
  expect(pictures[0]).toBe(32);
});

test('in step with the wall clock', () => {
  const epochMs = Date.UTC(2026, 10, 22, 8, 30, 17, 500);
  expect(wallClockPosition(epochMs, 60)).toBeCloseTo(17.5, 6);
});

test('RTP timestamps wrap', () => {
  expect(rtpTimestamp(1, 90_000, 2 ** 32 - 45_000)).toBe(45_000);
  expect(rtpTimestamp(-0.0065, 48_000, 0)).toBe(2 ** 32 - 312);
});
