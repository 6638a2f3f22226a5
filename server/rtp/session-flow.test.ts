import { describe, expect, test } from '@jest/globals';
import { type FlowFrame, SessionFlow } from './session-flow.ts';
import { planOrder } from './session-order.ts';
import { type FakeTrack, fakeStoredTrack, numberOf } from './stored-track-for-tests.ts';

const FRAMES = 90;
const DURATION = FRAMES / 30;
/** Where the wanted picture lies. */
const LINE = 100;

type Sent = FlowFrame & { atLine: number; number: number };

const low = () => fakeStoredTrack({ frames: FRAMES, keyEvery: 5 });
const high = () => fakeStoredTrack({ frames: FRAMES, keyEvery: 30 });
/** Opus: 20 ms each, the first one by the coder's delay before the picture. */
const sound = () => fakeStoredTrack({ frames: 152, rate: 50, first: -0.0065, origin: 0 });

async function flowOf({
  at = 0,
  rate = 1,
  video = [low(), high()],
  audio = sound(),
  rendition = 0,
  target = rendition,
  soundUntil = Number.NEGATIVE_INFINITY,
  pictureDelay = 0,
}: {
  at?: number;
  rate?: number;
  video?: FakeTrack[];
  audio?: FakeTrack | undefined;
  rendition?: number;
  target?: number;
  soundUntil?: number;
  pictureDelay?: number;
} = {}) {
  const plan = await planOrder(video, { at, rendition, burstBytes: 1e9 });
  const common = { video, plan, line: LINE, soundUntil, rate, target };
  return new SessionFlow({
    ...{ ...common, pictureDelay, duration: DURATION },
    audio: rate === 1 ? audio : undefined,
  });
}

/** Wakes the flow whenever it wants to be woken. */
function play(flow: SessionFlow, until: number, onPicture: (sent: Sent) => void = () => undefined) {
  const frames: Sent[] = [];
  for (let line = LINE; line <= until && !flow.ended; ) {
    flow.run(line, (frame) => {
      const sent = { ...frame, atLine: line, number: numberOf(frame.place) };
      frames.push(sent);
      if (frame.rendition !== undefined) onPicture(sent);
    });
    const next = flow.nextDueLine();
    if (next === Number.POSITIVE_INFINITY) break;
    line = Math.max(line + 1e-6, next);
  }
  return {
    pictures: frames.filter(({ rendition }) => rendition !== undefined),
    sound: frames.filter(({ rendition }) => rendition === undefined),
  };
}

const numbers = (frames: readonly Sent[]) => frames.map(({ number }) => number);
const range = (from: number, end: number) =>
  Array.from({ length: end - from }, (_, index) => from + index);

describe('after the wanted picture', () => {
  test.each([
    ['at once', 1],
    ['at half the speed', 0.5],
    ['at twice the speed', 2],
    ['at a quarter', 0.25],
  ])('every picture once, in its time: %s', async (_, rate) => {
    const { pictures } = play(await flowOf({ at: 0.5, rate }), LINE + 20);
    expect(numbers(pictures)).toEqual(range(16, FRAMES));
    for (const { line, position, atLine, number } of pictures) {
      expect(position).toBeCloseTo(number / 30, 9);
      expect(line).toBeCloseTo(LINE + (position - 0.5) / rate, 9);
      expect(Math.abs(atLine - line)).toBeLessThan(0.0011);
    }
  });

  test('then it has ended, and not before', async () => {
    const flow = await flowOf({ at: 2.5 });
    play(flow, LINE + 0.45);
    expect(flow.ended).toBe(false);
    play(flow, LINE + 0.6);
    expect(flow.ended).toBe(true);
    expect(flow.next).toBeUndefined();
  });

  test('from the last picture on there is only the rest of the sound', async () => {
    const flow = await flowOf({ at: 89 / 30 });
    const { pictures, sound: heard } = play(flow, LINE + 1);
    expect(pictures).toEqual([]);
    expect(heard.length).toBeGreaterThan(0);
    expect(flow.ended).toBe(true);
  });

  test('without sound it ends with the picture', async () => {
    const flow = await flowOf({ at: 2.5, audio: undefined, rate: 2 });
    play(flow, LINE + 1);
    expect(flow.ended).toBe(true);
  });
});

describe('sound', () => {
  test('is on the same line as the picture, from the wanted time on, up to the end', async () => {
    const { sound: heard } = play(await flowOf({ at: 0.5 }), LINE + 20);
    for (const { line, position, atLine } of heard) {
      expect(line).toBeCloseTo(LINE + position - 0.5, 9);
      expect(Math.abs(atLine - line)).toBeLessThan(0.0205);
    }
    const [first, last] = [heard[0]?.position ?? 0, heard.at(-1)?.position ?? 0];
    expect(first + 0.02).toBeGreaterThan(0.5);
    expect(first).toBeLessThanOrEqual(0.5);
    expect(last).toBeLessThan(DURATION);
    expect(last + 0.02).toBeGreaterThan(DURATION - 1e-6);
    const gaps = heard.slice(1).map(({ line }, index) => line - (heard[index]?.line ?? 0));
    for (const gap of gaps) expect(gap).toBeCloseTo(0.02, 9);
  });

  test('begins with its first packet where the film begins', async () => {
    const { sound: heard } = play(await flowOf(), LINE + 0.1);
    expect(heard[0]?.number).toBe(0);
    expect(heard[0]?.position).toBeCloseTo(-0.0065, 9);
  });

  test('does not lie over what was sent before', async () => {
    const { sound: heard } = play(await flowOf({ at: 0.5, soundUntil: LINE + 0.012 }), LINE + 1);
    expect(heard[0]?.line).toBeGreaterThanOrEqual(LINE + 0.012);
    expect(heard[0]?.line).toBeLessThan(LINE + 0.032);
  });

  test('is told how far it reaches', async () => {
    const flow = await flowOf({ at: 0.5 });
    const { sound: heard } = play(flow, LINE + 0.3);
    expect(flow.soundUntil).toBeCloseTo((heard.at(-1)?.line ?? 0) + 0.02, 9);
  });

  test.each([0.5, 2])('none at the speed %d', async (rate) => {
    expect(play(await flowOf({ rate }), LINE + 0.5).sound).toEqual([]);
  });
});

describe('another Rendition', () => {
  test('from its next key frame on, every picture once', async () => {
    const { pictures } = play(await flowOf({ at: 0.5, target: 1 }), LINE + 20);
    expect(numbers(pictures)).toEqual(range(16, FRAMES));
    expect(pictures.map(({ rendition }) => rendition)).toEqual(
      range(16, FRAMES).map((number) => (number < 30 ? 0 : 1)),
    );
  });

  test('down comes soon: the lowest has many key frames', async () => {
    const flow = await flowOf({ at: 0.5, rendition: 1 });
    const { pictures } = play(flow, LINE + 20, ({ number }) => {
      if (number === 41) flow.switchTo(0);
    });
    expect(numbers(pictures)).toEqual(range(16, FRAMES));
    expect(pictures.find(({ rendition }) => rendition === 0)?.number).toBe(45);
  });

  test('and a mind that was changed in time changes nothing', async () => {
    const flow = await flowOf({ at: 0.5 });
    const { pictures } = play(flow, LINE + 20, ({ number }) => {
      if (number === 20) flow.switchTo(1);
      if (number === 25) flow.switchTo(0);
    });
    expect(new Set(pictures.map(({ rendition }) => rendition))).toEqual(new Set([0]));
  });

  test('its chunks are read ahead, and it waits for them without a gap', async () => {
    const [first, second] = [low(), high()];
    second.loaded = false;
    const flow = await flowOf({ at: 0.5, video: [first, second] });
    second.asked = [];
    flow.switchTo(1);
    expect(new Set(second.asked)).toEqual(new Set([0, 1]));
    const { pictures } = play(flow, LINE + 20, ({ number }) => {
      if (number === 40) second.loaded = true;
    });
    expect(numbers(pictures)).toEqual(range(16, FRAMES));
    expect(pictures.find(({ rendition }) => rendition === 1)?.number).toBe(60);
  });

  test('one that there is not is the next one that there is', async () => {
    const flow = await flowOf({ at: 0.5 });
    flow.switchTo(7);
    expect(play(flow, LINE + 20).pictures.at(-1)?.rendition).toBe(1);
  });
});

describe('a machine that stands still', () => {
  test('for a moment: what is due is sent late, each with its own time', async () => {
    const flow = await flowOf({ at: 0.5 });
    const sent: FlowFrame[] = [];
    expect(flow.run(LINE + 0.4, (frame) => sent.push(frame))).toBe(false);
    expect(sent.filter(({ rendition }) => rendition === 0)).toHaveLength(12);
    expect(flow.takeLateMs()).toBeCloseTo(400 - 1000 / 30 - 1, 3);
    expect(flow.takeLateMs()).toBe(0);
  });

  test('for long: the film goes on from where it is, and nothing comes in a heap', async () => {
    const flow = await flowOf({ at: 0.5 });
    const sent: FlowFrame[] = [];
    expect(flow.run(LINE + 10, (frame) => sent.push(frame))).toBe(true);
    const pictures = sent.filter(({ rendition }) => rendition === 0);
    expect(pictures).toHaveLength(1);
    expect(pictures[0]).toMatchObject({ line: LINE + 10 });
    expect(pictures[0]?.position).toBeCloseTo(16 / 30, 9);
    const heard = sent.filter(({ rendition }) => rendition === undefined);
    expect(heard.length).toBeLessThanOrEqual(3);
    for (const { line, position } of heard)
      expect(line - position).toBeCloseTo(LINE + 10 - 16 / 30, 9);
    expect(flow.run(LINE + 10.04, () => undefined)).toBe(false);
  });
});

describe('pictures that are sent later than their sound', () => {
  const pictureDelay = 0.05;

  test('have the same place on the line, and all of them are sent', async () => {
    const { pictures, sound: heard } = play(await flowOf({ at: 0.5, pictureDelay }), LINE + 20);
    expect(numbers(pictures)).toEqual(range(16, FRAMES));
    for (const { line, position, atLine } of pictures) {
      expect(line).toBeCloseTo(LINE + position - 0.5, 9);
      expect(Math.abs(atLine - line - pictureDelay)).toBeLessThan(0.0011);
    }
    for (const { line, atLine } of heard) expect(Math.abs(atLine - line)).toBeLessThan(0.0205);
  });

  test('after a standstill, too', async () => {
    const flow = await flowOf({ at: 0.5, pictureDelay });
    const sent: FlowFrame[] = [];
    expect(flow.run(LINE + 10, (frame) => sent.push(frame))).toBe(true);
    const [picture] = sent.filter(({ rendition }) => rendition === 0);
    expect(picture?.line).toBeCloseTo(LINE + 10 - pictureDelay, 9);
    expect(flow.takeLateMs()).toBeLessThan(1);
    expect(flow.nextDueLine()).toBeLessThan(LINE + 10.041);
  });
});

test('while a chunk is being read it waits, and then goes on', async () => {
  const video = [low(), high()];
  const flow = await flowOf({ at: 0.9, video, audio: undefined });
  for (const track of video) track.loaded = false;
  expect(numbers(play(flow, LINE + 5).pictures)).toEqual([28, 29]);
  expect(flow.nextDueLine()).toBe(Number.POSITIVE_INFINITY);
  expect(flow.ended).toBe(false);
  for (const track of video) track.loaded = true;
  expect(flow.nextDueLine()).toBeLessThan(LINE + 0.11);
  expect(numbers(play(flow, LINE + 5).pictures)).toEqual(range(30, FRAMES));
});

test('a picture that was sent another way is not sent again', async () => {
  const video = [low(), high()];
  const flow = await flowOf({ at: 0.5, video });
  play(flow, LINE + 0.2);
  const next = flow.next;
  const plan = await planOrder(video, { at: next?.position ?? 0, rendition: 1, burstBytes: 1e9 });
  flow.goOnAfter(plan);
  const { pictures } = play(flow, LINE + 20);
  expect(numbers(pictures)).toEqual(range(numberOf(plan.wanted) + 1, FRAMES));
  expect(pictures[0]?.rendition).toBe(1);
  expect(pictures[0]?.line).toBeCloseTo((next?.line ?? 0) + 1 / 30, 9);
});
