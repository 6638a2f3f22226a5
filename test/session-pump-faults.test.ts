/** The Pump of one Session when something goes wrong, and what it leaves behind. */
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { PumpPlayhead } from '../server/rtp/session-pump.ts';
import { until } from './support/live-server.ts';
import { RtpReceiver } from './support/rtp-receiver.ts';
import {
  SSRCS,
  came,
  expectMapped,
  expectUnbroken,
  folder,
  numbers,
  openSession,
  optionsOf,
  order,
  pictures,
  presented,
  pumps,
  range,
  receiver,
  sayLost,
  ticks,
  useSessionPumps,
} from './support/session-pumping.ts';

useSessionPumps();

describe('a picture is lost', () => {
  test('while playing: from a key frame of the lowest Rendition again, on the same timeline', async () => {
    const pump = await openSession();
    const moved = Promise.withResolvers<PumpPlayhead>();
    pump.onMoved(moved.resolve);
    const playhead = await pump.steer(order(0.3, { rate: 1, rendition: 2 }));
    await until(() => pictures().some(({ number }) => number === 24));
    sayLost(pump);
    const again = await moved.promise;
    await presented(again);
    await until(() => pictures().at(-1)?.rendition === 2);
    const all = pictures();
    const from = all.findIndex(({ rendition }) => rendition === 0);
    const wanted = all.findIndex(({ timestamp }) => timestamp === again.rtpTimestamp);
    const next = all[wanted]?.number ?? 0;
    // Its key frames are five pictures apart, those of the other one thirty.
    expect(numbers(all.slice(from, wanted + 1))).toEqual(range(next - (next % 5), next + 1));
    expect(all[from - 1]).toMatchObject({ number: next - 1, rendition: 2 });
    expect(all.slice(from).find(({ rendition }) => rendition === 2)?.number).toBe(30);
    expect(numbers(all.slice(wanted))).toEqual(range(next, next + all.length - wanted));
    expectMapped(again);
    // The timeline is what it was.
    const apart = ticks(playhead.rtpTimestamp, again.rtpTimestamp) / 90_000;
    expect(again.position - playhead.position).toBeCloseTo(apart, 3);
    expectUnbroken();
  });

  test('while paused: what stands, once more', async () => {
    const pump = await openSession();
    const moves: PumpPlayhead[] = [];
    pump.onMoved((playhead) => moves.push(playhead));
    const playhead = await pump.steer(order(0.3, { rendition: 2 }));
    await presented(playhead);
    await delay(350);
    const before = came();
    sayLost(pump);
    await until(() => moves.length > 0);
    const [again] = moves;
    if (!again) throw new Error('It did not move.');
    expect(again.position).toBe(playhead.position);
    expect(again.rate).toBe(0);
    expect((await presented(again)).number).toBe(9);
    expect(numbers(pictures(before))).toEqual(range(0, 10));
    expectUnbroken();
  });

  test('not at once after an order, not more than twice a second, not for others', async () => {
    const pump = await openSession();
    const moves: PumpPlayhead[] = [];
    pump.onMoved((playhead) => moves.push(playhead));
    sayLost(pump);
    await pump.steer(order(0.3));
    sayLost(pump);
    await pump.stats();
    await delay(350);
    expect(moves).toEqual([]);
    sayLost(pump, SSRCS.audio);
    receiver.send(Buffer.from('nonsense, and more of it'), pump.localPort);
    const fromMs = performance.now();
    while (performance.now() - fromMs < 1_200) {
      sayLost(pump);
      await delay(20);
    }
    const passedMs = performance.now() - fromMs;
    expect(moves.length).toBeGreaterThan(1);
    expect(moves.length).toBeLessThanOrEqual(Math.floor(passedMs / 500) + 1);
  });
});

describe('what goes wrong', () => {
  test('a missing file is said when it is opened', async () => {
    const audio = { file: join(folder, 'nothing.mp4') };
    await expect(pumps.openSession(optionsOf({ audio }))).rejects.toThrow('nothing.mp4');
    expect(await pumps.threadStats()).toMatchObject([{ pumps: 0 }]);
  });

  test('closed twice, and asked after that', async () => {
    const pump = await openSession();
    const pending = pump.steer(order(3, { rate: 1 }));
    pump.close();
    pump.close();
    pump.switchTo(1);
    await expect(pending).rejects.toThrow('closed');
    await expect(pump.steer(order(0))).rejects.toThrow('closed');
    await expect(pump.stats()).rejects.toThrow('closed');
    expect(await pumps.threadStats()).toMatchObject([{ pumps: 0 }]);
  });

  test('goes on elsewhere', async () => {
    const pump = await openSession();
    await pump.steer(order(0, { rate: 1 }));
    await until(() => came() > 10);
    const second = await RtpReceiver.open();
    await pump.connect(second.target);
    await until(() => second.reportsOf(SSRCS.video).length > 1);
    const { packets, bytes } = await pump.stats();
    expect(packets).toBeGreaterThan(10);
    expect(bytes).toBeGreaterThan(1_000);
    second.close();
  });
});

/** Sockets and files that this process holds. */
async function held(): Promise<{ sockets: number; files: number }> {
  const names = await readdir('/proc/self/fd');
  const targets = await Promise.all(
    names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
  );
  return {
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
    files: targets.filter((target) => target.startsWith(folder)).length,
  };
}

test('two hundred opened and closed leave nothing behind', async () => {
  // Of a thread that was ended in the middle of opening or closing a file, a test before this one may have left it.
  const { files: open } = await held();
  const first = await openSession();
  await first.steer(order(1));
  first.close();
  await pumps.threadStats();
  await until(async () => (await held()).files <= open);
  const before = await held();
  for (let round = 0; round < 10; round += 1) {
    const some = await Promise.all(range(0, 20).map(() => openSession()));
    await Promise.all(some.map((pump, at) => pump.steer(order(at / 5, { rate: at % 2 }))));
    for (const pump of some) pump.close();
  }
  expect(await pumps.threadStats()).toMatchObject([{ pumps: 0 }]);
  await until(async () => (await held()).files <= open);
  await until(async () => (await held()).sockets <= before.sockets);
});
