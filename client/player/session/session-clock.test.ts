import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Playhead, Steering } from '../../../signaling/contract/index.ts';
import { SessionClock, type SessionClockOptions } from './session-clock.ts';

const ASSET = { duration: 60, framesPerSecond: 25 };

/** A Session that does at once what it is asked for, but whose pictures come when the test says. */
class Server {
  readonly asked: Steering[] = [];
  change = 0;
  rtp = 0;

  readonly steer = async (steering: Steering): Promise<Playhead> => {
    this.asked.push(steering);
    const at = (steering.at ?? 0) + (steering.frames ?? 0) / 25;
    return this.playhead(Math.floor((at + 0.001) * 25) / 25, steering.paused ? 0 : 1);
  };

  playhead(position: number, rate: number, changes: Partial<Playhead> = {}): Playhead {
    this.change += 1;
    this.rtp += 90_000;
    const { change, rtp: rtpTimestamp } = this;
    return { change, rtpTimestamp, position, rate, rendition: 0, ended: false, ...changes };
  }
}

function start(options: Partial<SessionClockOptions> = {}) {
  const server = new Server();
  const events: string[] = [];
  const seen: string[] = [];
  let sound = false;
  const clock = new SessionClock({
    gate: {
      close: () => seen.push('close'),
      show: () => seen.push('show'),
      open: () => seen.push('open'),
    },
    sound: { set: (open) => (sound = open) },
    startAt: 0,
    paused: false,
    playbackRate: 1,
    duration: Number.NaN,
    isFollowing: false,
    steer: server.steer,
    hasSession: () => true,
    wake: () => seen.push('wake'),
    picturesRest: () => false,
    isHidden: () => false,
    onClock: (event) => events.push(event),
    onHaste: () => undefined,
    onOverdue: () => undefined,
    ...options,
  });
  const picture = (rtpTimestamp: number) =>
    clock.presented({ rtpTimestamp, atMs: performance.now(), receivedMs: undefined });
  /** The Session begins, and its first picture is there. */
  const begin = (asked = { at: 0, paused: false }) => {
    clock.opened(ASSET, asked);
    clock.moved(server.playhead(asked.at, asked.paused ? 0 : 1));
    picture(server.rtp);
    events.length = seen.length = 0;
  };
  const answers = () => jest.advanceTimersByTimeAsync(0);
  return { clock, server, events, seen, picture, begin, answers, hears: () => sound };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.clearAllTimers();
  jest.useRealTimers();
});

describe('a Session', () => {
  test('begins with its wanted picture, and none before it is seen', () => {
    const { clock, server, events, seen, picture, hears } = start({ startAt: 12.3 });
    expect([clock.currentTime, clock.seeking]).toEqual([12.3, true]);
    clock.opened(ASSET, { at: 12.3, paused: false });
    clock.moved(server.playhead(12.28, 1));
    picture(server.rtp - 90);
    expect([seen, hears()]).toEqual([['close'], false]);
    picture(server.rtp);
    expect([seen, hears()]).toEqual([['close', 'open'], true]);
    expect([clock.currentTime, clock.seeking, clock.duration]).toEqual([12.28, false, 60]);
    expect(events).toEqual(['durationchange', 'timeupdate', 'seeked', 'playing']);
  });

  test('is steered to what was wanted while it was opened', async () => {
    const { clock, server, begin, answers } = start();
    clock.opened(ASSET, { at: 0, paused: false });
    clock.seek(30);
    expect(server.asked).toEqual([]);
    clock.moved(server.playhead(0, 1));
    await answers();
    expect(server.asked).toEqual([{ at: 30, paused: false, rate: 1 }]);
    begin({ at: 30, paused: false });
    expect(clock.currentTime).toBe(30);
  });

  test('tells the time of the picture that is presented', () => {
    const { clock, server, picture, begin } = start();
    begin();
    picture(server.rtp + 3_600);
    expect(clock.currentTime).toBeCloseTo(0.04, 6);
  });
});

describe('a seek', () => {
  test('stands at its target until its picture is there, in silence', async () => {
    const { clock, server, events, seen, picture, begin, answers, hears } = start();
    begin();
    const late = server.rtp + 3_600;
    clock.seek(20.01);
    expect([clock.currentTime, clock.seeking, hears()]).toEqual([20.01, true, false]);
    // What was on its way is of no interest, answered or not.
    picture(late);
    await answers();
    picture(server.rtp - 900);
    expect([clock.currentTime, clock.seeking]).toEqual([20.01, true]);
    picture(server.rtp);
    expect([clock.currentTime, clock.seeking, hears()]).toEqual([20, false, true]);
    expect(seen).toEqual(['close', 'open']);
    expect(events.filter((event) => event !== 'timeupdate')).toEqual([
      ...['seeking', 'seeked', 'playing'],
    ]);
  });

  test('whose picture was faster than the answer is over with the answer', async () => {
    const { clock, server, picture, begin, answers } = start();
    begin();
    clock.seek(20);
    picture(server.rtp);
    expect(clock.seeking).toBe(true);
    await answers();
    expect(clock.seeking).toBe(false);
  });

  test('while paused shows that picture, and nothing after it', async () => {
    const { clock, server, seen, picture, begin, answers, hears } = start({ paused: true });
    begin({ at: 0, paused: true });
    clock.seek(20);
    await answers();
    picture(server.rtp);
    expect([seen, hears(), clock.currentTime]).toEqual([['close', 'show'], false, 20]);
    await jest.advanceTimersByTimeAsync(200);
    picture(server.rtp + 90_000);
    expect([seen, clock.currentTime]).toEqual([['close', 'show'], 20]);
  });

  test('beyond the end goes to the end', async () => {
    const { clock, server, begin, answers } = start();
    begin();
    clock.seek(99);
    await answers();
    expect(server.asked).toEqual([{ at: 60, paused: false, rate: 1 }]);
  });
});

describe('pause and play', () => {
  test('hold the picture, and go on from the same one', async () => {
    const { clock, server, seen, picture, begin, answers, hears } = start();
    begin();
    picture(server.rtp + 3_600 * 5);
    clock.pause();
    expect([seen, hears(), clock.paused]).toEqual([['close'], false, true]);
    await answers();
    clock.play();
    expect(server.asked).toEqual([
      { paused: true },
      { at: clock.currentTime, paused: false, rate: 1 },
    ]);
    await answers();
    picture(server.rtp);
    expect([seen, hears()]).toEqual([['close', 'close', 'open'], true]);
    expect(clock.currentTime).toBeCloseTo(0.2, 6);
  });

  test('a picture that was on its way to the screen is the one that stands', () => {
    const { clock, server, picture, begin } = start();
    begin();
    const late = server.rtp + 3_600;
    clock.pause();
    picture(late);
    expect(clock.currentTime).toBeCloseTo(0.04, 6);
  });

  test('a pause while it seeks is one of the seek', async () => {
    const { clock, server, seen, picture, begin, answers } = start();
    begin();
    clock.seek(20);
    clock.pause();
    await answers();
    expect(server.asked.at(-1)).toEqual({ at: 20, paused: true, rate: 1 });
    picture(server.rtp);
    expect([seen.at(-1), clock.seeking]).toEqual(['show', false]);
  });

  test('after a long pause another Session is opened, where it stood', async () => {
    let open = true;
    const { clock, server, seen, begin } = start({ startAt: 7, hasSession: () => open });
    begin({ at: 7, paused: false });
    clock.pause();
    open = false;
    clock.play();
    expect(seen).toContain('wake');
    expect(clock.beginning).toEqual({ at: 7, paused: false });
    expect(server.asked).toEqual([{ paused: true }]);
  });

  test('a speed other than 1 comes without sound', async () => {
    const { clock, server, picture, begin, answers, hears } = start();
    begin();
    clock.playbackRate = 2;
    await answers();
    expect(server.asked).toEqual([{ at: 0, paused: false, rate: 2 }]);
    picture(server.rtp);
    expect(hears()).toBe(false);
  });
});

describe('steps', () => {
  test('of several at once all count, from the picture that stood there', async () => {
    const { clock, server, picture, begin, answers } = start({ startAt: 10 });
    begin({ at: 10, paused: false });
    for (const _ of [1, 2, 3]) clock.step(1);
    await answers();
    expect(server.asked.at(-1)).toEqual({ at: 10, frames: 3, paused: true, rate: 1 });
    picture(server.rtp);
    expect([clock.currentTime, clock.paused]).toEqual([10.12, true]);
    clock.step(-1);
    await answers();
    expect(server.asked.at(-1)).toEqual({ at: 10.12, frames: -1, paused: true, rate: 1 });
  });
});

describe('a drag', () => {
  test('that is not ended by a seek ends all the same', async () => {
    const { clock, server, events, picture, begin, answers } = start();
    begin();
    clock.seek(20, { scrub: true });
    await answers();
    picture(server.rtp);
    expect(events).not.toContain('seeked');
    await jest.advanceTimersByTimeAsync(1_500);
    expect(server.asked.at(-1)).toEqual({ at: 20, paused: false, rate: 1 });
    picture(server.rtp);
    expect(events).toContain('seeked');
  });
});

describe('the end', () => {
  test('comes with the last picture', async () => {
    const { clock, server, events, picture, begin, hears } = start({ startAt: 59 });
    begin({ at: 59, paused: false });
    const rtpTimestamp = server.rtp + 3_600 * 24;
    const { change } = server;
    clock.moved({
      ...{ change, rtpTimestamp, position: 59.96, rate: 0, rendition: 0, ended: true },
    });
    picture(rtpTimestamp - 3_600);
    expect(clock.ended).toBe(false);
    picture(rtpTimestamp);
    expect([clock.ended, clock.currentTime, hears()]).toEqual([true, 60, false]);
    expect(events.at(-1)).toBe('ended');
    clock.seek(0);
    expect([clock.ended, clock.currentTime]).toEqual([false, 0]);
  });
});

describe('where somebody else steers', () => {
  test('nothing is asked for, and everything is obeyed', () => {
    const { clock, server, seen, picture, begin, hears } = start({ isFollowing: true });
    begin();
    clock.seek(20);
    clock.step(1);
    expect(server.asked).toEqual([]);
    clock.moved(server.playhead(40, 0));
    picture(server.rtp);
    expect([clock.currentTime, clock.paused, hears()]).toEqual([40, true, false]);
    expect(seen.at(-1)).toBe('show');
    clock.moved(server.playhead(41, 1));
    picture(server.rtp);
    expect([clock.paused, hears(), seen.at(-1)]).toEqual([false, true, 'open']);
  });
});

test('what is sent again is seen from the wanted picture on', () => {
  const { clock, server, seen, picture, begin, hears } = start();
  begin();
  clock.moved(server.playhead(1, 1));
  picture(server.rtp - 90);
  expect([seen, hears()]).toEqual([['close'], true]);
  picture(server.rtp);
  expect([seen, clock.currentTime]).toEqual([['close', 'open'], 1]);
});
