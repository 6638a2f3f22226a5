/** The Pump of one Session with real files, a real thread and a real socket: what arrives is looked at, picture by picture. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { PumpPlayhead } from '../server/rtp/session-pump.ts';
import { until } from './support/live-server.ts';
import {
  FRAMES,
  SECONDS,
  SSRCS,
  came,
  expectMapped,
  expectUnbroken,
  files,
  isAfter,
  numbers,
  openSession,
  order,
  pictures,
  presented,
  range,
  receiver,
  sayLost,
  ticks,
  useSessionPumps,
} from './support/session-pumping.ts';

useSessionPumps();

test('says how long it is and how many pictures it has', async () => {
  const pump = await openSession();
  expect(pump.duration).toBeCloseTo(SECONDS, 6);
  expect(pump.framesPerSecond).toBeCloseTo(30, 6);
  expect(pump.localAddress).toBe('127.0.0.1');
  await delay(100);
  expect(receiver.packets).toEqual([]);
});

describe('paused', () => {
  test.each([0, 1, 2])(
    'a seek in Rendition %d shows the wanted picture, and sends nothing after it',
    async (rendition) => {
      const pump = await openSession();
      const interval = files.rungs[rendition]?.keyFrameInterval ?? 0;
      for (const at of [0, 1.01, 4.999, 2.5, 5.99, 3.3, 100]) {
        const before = came();
        const playhead = await pump.steer(order(at, { rendition }));
        const wanted = Math.min(FRAMES - 1, Math.floor((at + 0.001) * 30));
        await presented(playhead);
        expect(playhead).toMatchObject({ rate: 0, rendition, ended: wanted === FRAMES - 1 });
        expect(playhead.position).toBeCloseTo(wanted / 30, 6);
        const sent = pictures(before);
        expect(numbers(sent)).toEqual(range(wanted - (wanted % interval), wanted + 1));
        expect(new Set(sent.map((one) => one.rendition))).toEqual(new Set([rendition]));
      }
      const count = receiver.packets.length;
      await delay(150);
      expect(receiver.packets.length).toBe(count);
      expect(receiver.of(SSRCS.audio)).toEqual([]);
      expectUnbroken();
    },
  );

  test('steps, on and back, over key frames', async () => {
    const pump = await openSession();
    let { position } = await pump.steer(order(0.9));
    const seen: (number | undefined)[] = [];
    for (const frames of [1, 1, 1, 1, -1, -1, -1, -1, -1, -1]) {
      const playhead = await pump.steer(order(position, { frames, rendition: 2 }));
      position = playhead.position;
      seen.push((await presented(playhead)).number);
    }
    expect(seen).toEqual([28, 29, 30, 31, 30, 29, 28, 27, 26, 25]);
    expectUnbroken();
  });

  test('of many orders at once the newest wins, and all hear of it', async () => {
    const pump = await openSession();
    const answers = await Promise.all(
      range(0, 40).map((index) => pump.steer(order(index / 10, { rendition: 2 }))),
    );
    const last = answers.at(-1);
    if (!last) throw new Error('nothing was answered');
    expect((await presented(last)).number).toBe(117);
    expect(answers.filter(({ position }) => position < last.position).length).toBeLessThan(39);
    expectUnbroken();
  });
});

describe('playing', () => {
  test('every picture once, in its time, with sound on the same clock', async () => {
    const pump = await openSession();
    const playhead = await pump.steer(order(1.52, { rate: 1, rendition: 1 }));
    expect(playhead).toMatchObject({ rate: 1, rendition: 1, ended: false });
    await until(() => pictures().length > 60);
    const all = pictures();
    expect(numbers(all)).toEqual(range(30, 30 + all.length));
    expect(playhead.position).toBeCloseTo(45 / 30, 6);
    expectMapped(playhead);
    expectUnbroken();
    // One origin: the timestamps of sound and picture say the same seconds.
    const sound = receiver.of(SSRCS.audio);
    expect(
      new Set(sound.slice(1).map((one, at) => ticks(sound[at]?.timestamp ?? 0, one.timestamp))),
    ).toEqual(new Set([960]));
    const ahead = (sound[0]?.timestamp ?? 0) / 48_000 - playhead.rtpTimestamp / 90_000;
    expect(ahead).toBeGreaterThan(-0.0205);
    expect(ahead).toBeLessThanOrEqual(0.0001);
  });

  test('reports of both kinds say one clock', async () => {
    const pump = await openSession();
    await pump.steer(order(0, { rate: 1 }));
    const of = (ssrc: number) => receiver.reportsOf(ssrc);
    await until(() => of(SSRCS.video).length > 3 && of(SSRCS.audio).length > 3);
    const originOf = (ssrc: number, clockRate: number) =>
      of(ssrc).map(({ epochMs, rtpTimestamp }) => epochMs - (rtpTimestamp / clockRate) * 1000);
    const origins = [...originOf(SSRCS.video, 90_000), ...originOf(SSRCS.audio, 48_000)];
    for (const origin of origins) expect(Math.abs(origin - (origins[0] ?? 0))).toBeLessThan(0.1);
  });

  test('random seeks: the wanted picture, exactly, and on from there', async () => {
    const pump = await openSession();
    for (const [index, at] of [2.2, 0.1, 5.1, 3.99, 0, 4.4, 1.7, 2.21, 4.95, 0.5].entries()) {
      const before = came();
      const rendition = index % 3;
      const playhead = await pump.steer(order(at, { rate: 1, rendition }));
      expect((await presented(playhead)).number).toBe(Math.floor((at + 0.001) * 30));
      await until(() => pictures(before).filter(isAfter(playhead)).length > 3);
      expectMapped(playhead, pictures(before));
    }
    expectUnbroken();
  });

  test.each([0.5, 2, 4])('at the speed %d, without sound', async (rate) => {
    const pump = await openSession();
    const playhead = await pump.steer(order(1, { rate }));
    await until(() => pictures().length > 25);
    const all = pictures();
    expect(numbers(all)).toEqual(range(30, 30 + all.length));
    expectMapped(playhead);
    const passedMs = (all.at(-1)?.atMs ?? 0) - (all[0]?.atMs ?? 0);
    expect(passedMs).toBeGreaterThan(((all.length - 1) * 1000) / 30 / rate - 60);
    expect(receiver.of(SSRCS.audio)).toEqual([]);
    expectUnbroken();
  });

  test('pause is silence, and play goes on from the same picture', async () => {
    const pump = await openSession();
    await pump.steer(order(0.5, { rate: 1, rendition: 2 }));
    await until(() => pictures().length > 30);
    const paused = await pump.pause();
    expect(paused).toMatchObject({ rate: 0, ended: false });
    const stands = await presented(paused);
    expect(stands.number).toBe(Math.round(paused.position * 30));
    expect(pictures().at(-1)).toEqual(stands);
    const count = receiver.packets.length;
    await delay(400);
    expect(receiver.packets.length).toBe(count);
    const before = came();
    const playhead = await pump.steer(order(paused.position, { rate: 1, rendition: 2 }));
    expect((await presented(playhead)).number).toBe(stands.number);
    await until(() => pictures(before).filter(isAfter(playhead)).length > 5);
    // The clock went on meanwhile.
    expect(ticks(paused.rtpTimestamp, playhead.rtpTimestamp)).toBeGreaterThan(0.35 * 90_000);
    expectMapped(playhead, pictures(before));
    expectUnbroken();
  });

  test('paused before it began: the picture comes, and nothing after it', async () => {
    const pump = await openSession();
    const [steered, paused] = await Promise.all([pump.steer(order(3, { rate: 1 })), pump.pause()]);
    expect(paused.position).toBeCloseTo(3, 6);
    expect(paused.rate).toBe(0);
    expect(steered.rtpTimestamp).toBe(paused.rtpTimestamp);
    expect((await presented(paused)).number).toBe(90);
    const count = receiver.packets.length;
    await delay(150);
    expect(receiver.packets.length).toBe(count);
  });
});

describe('Renditions', () => {
  test('up at a key frame, down at once where a picture is missed, without a break in picture or sound', async () => {
    const pump = await openSession();
    const heard: number[] = [];
    pump.onRendition((rendition) => heard.push(rendition));
    const playhead = await pump.steer(order(0.2, { rate: 1 }));
    pump.switchTo(2);
    await until(() => pictures().some(({ rendition }) => rendition === 2));
    await until(() => pictures().length > 45);
    const before = pictures().length;
    // Not where a key frame of the lower one is the next picture.
    await until(() => (pictures().at(-1)?.number ?? 0) % 5 === 1);
    pump.switchTo(0);
    sayLost(pump);
    await until(() => pictures().at(-1)?.rendition === 0);
    await until(() => pictures().length > 70);
    const sent = pictures();
    const isRunUp = (number: number, at: number) =>
      sent.slice(0, at).some((earlier) => (earlier.number ?? 0) >= number);
    // Down, the pictures from the key frame on come once more, small: they are not to be seen.
    const seen = sent.filter(({ number = 0 }, at) => !isRunUp(number, at));
    expect(seen.length).toBeLessThan(sent.length);
    expect(numbers(seen)).toEqual(range(5, 5 + seen.length));
    const changes = sent.flatMap((picture, at) =>
      at > 0 && picture.rendition !== sent[at - 1]?.rendition ? [{ ...picture, at }] : [],
    );
    expect(changes.map(({ rendition }) => rendition)).toEqual([2, 0]);
    expect((changes[0]?.number ?? 1) % 30).toBe(0);
    expect((changes[1]?.number ?? 1) % 5).toBe(0);
    expect((changes[1]?.at ?? Number.POSITIVE_INFINITY) - before).toBeLessThan(10);
    expect(heard).toEqual([0, 2, 0]);
    expectMapped(playhead, seen);
    expectUnbroken();
  });

  test('a way that is too long is gone in a lower one, and then up again', async () => {
    const pump = await openSession();
    const playhead = await pump.steer(order(0.9, { rate: 1, rendition: 2, burstBytes: 20_000 }));
    expect(playhead.rendition).toBe(0);
    expect((await presented(playhead)).number).toBe(27);
    await until(() => pictures().at(-1)?.rendition === 2);
    expect(pictures().find(({ rendition }) => rendition === 2)?.number).toBe(30);
    expectUnbroken();
  });
});

describe('the end', () => {
  test('every picture was sent, and it says where the last one is', async () => {
    const pump = await openSession();
    const ended = Promise.withResolvers<PumpPlayhead>();
    pump.onEnded(ended.resolve);
    await pump.steer(order(5, { rate: 1 }));
    const playhead = await ended.promise;
    expect(playhead).toMatchObject({ ended: true, rate: 0, rendition: 0 });
    expect(playhead.position).toBeCloseTo((FRAMES - 1) / 30, 6);
    expect((await presented(playhead)).number).toBe(FRAMES - 1);
    expect(numbers(pictures())).toEqual(range(150, FRAMES));
    // What was on its way has come by then, and nothing follows.
    await delay(100);
    const count = receiver.packets.length;
    await delay(150);
    expect(receiver.packets.length).toBe(count);
    // And from the beginning again.
    const again = await pump.steer(order(0, { rate: 1 }));
    expect((await presented(again)).number).toBe(0);
    expectUnbroken();
  });

  test('played from behind it, it is there at once', async () => {
    const pump = await openSession();
    const ended = Promise.withResolvers<PumpPlayhead>();
    pump.onEnded(ended.resolve);
    const playhead = await pump.steer(order(1_000, { rate: 1 }));
    expect(playhead).toMatchObject({ ended: true, rate: 0 });
    expect((await presented(playhead)).number).toBe(FRAMES - 1);
    expect((await ended.promise).rtpTimestamp).toBe(playhead.rtpTimestamp);
  });
});
