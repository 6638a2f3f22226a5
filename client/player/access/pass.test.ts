import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { accessHeaders, Pass, passFor, passOn, thingAt, withToken } from './pass.ts';

const NOW = Date.UTC(2026, 10, 23);
const tokenUntil = (seconds: number) =>
  `e30.${Buffer.from(JSON.stringify({ exp: NOW / 1_000 + seconds })).toString('base64url')}.c2ln`;

const SERVER = 'https://video.example';
const FILM = 'ABCDEFGHIJKLMNO2';

describe('what an address is about', () => {
  test.each<[string, string | null]>([
    [`${SERVER}/watch/demo`, 'demo'],
    [`${SERVER}/embed/demo?t=3`, 'demo'],
    [`${SERVER}/api/v1/assets/${FILM}`, FILM],
    [`${SERVER}/api/v1/assets/${FILM}/files/poster.webp`, FILM],
    [`${SERVER}/api/v1/channels/demo/unlock`, 'demo'],
    [`${SERVER}/admin`, null],
  ])('%s', (address, id) => {
    expect(thingAt(address)).toEqual(id === null ? null : { origin: SERVER, id });
  });
});

describe('a token', () => {
  test('is of one thing of one server, for all that show it', () => {
    passFor({ origin: SERVER, id: FILM }).set('a.b.c');
    expect(passOn('wss://video.example/signal', FILM).token).toBe('a.b.c');
    expect(passOn('wss://video.example/signal', 'demo').token).toBeUndefined();
    const file = `${SERVER}/api/v1/assets/${FILM}/files/one.vtt`;
    expect(withToken(file)).toBe(`${file}?token=a.b.c`);
    expect(withToken(`${file}?download`)).toContain('&token=a.b.c');
    expect(withToken(`${file}?token=old.old.old`)).toBe(`${file}?token=a.b.c`);
    expect(accessHeaders(file)).toEqual({ Authorization: 'Bearer a.b.c' });
    for (const other of [
      `https://other.example/watch/${FILM}`,
      `${SERVER}/api/v1/assets/PPPPPPPPPPPPPPP2/files/one.vtt`,
    ]) {
      expect(withToken(other)).toBe(other);
      expect(accessHeaders(other)).toEqual({});
    }
  });
});

describe('before it ends', () => {
  beforeEach(() => void jest.useFakeTimers({ now: NOW }));
  afterEach(() => void jest.useRealTimers());

  const heardOf = (pass: Pass) => {
    const heard: unknown[] = [];
    pass.on('expiring', (told) => heard.push(told));
    return heard;
  };

  test('it is said half a minute ahead, once, of the newest', () => {
    const pass = new Pass({ origin: SERVER, id: 'demo' });
    const heard = heardOf(pass);
    pass.set(tokenUntil(60));
    pass.set(tokenUntil(100));
    jest.advanceTimersByTime(69_000);
    expect(heard).toEqual([]);
    jest.advanceTimersByTime(1_500);
    expect(heard).toEqual([{ secondsLeft: 30 }]);
    jest.advanceTimersByTime(100_000);
    expect(heard).toHaveLength(1);
  });

  test('one that is short is told of when half of it is over', () => {
    const pass = new Pass({ origin: SERVER, id: 'demo' });
    const heard = heardOf(pass);
    pass.set(tokenUntil(10));
    jest.advanceTimersByTime(4_900);
    expect(heard).toEqual([]);
    jest.advanceTimersByTime(200);
    expect(heard).toEqual([{ secondsLeft: 5 }]);
  });

  test('of what a password was answered with nobody is told: it is asked for again', () => {
    const pass = new Pass({ origin: SERVER, id: 'demo' });
    const heard = heardOf(pass);
    pass.set(tokenUntil(60), { fromPassword: true });
    jest.advanceTimersByTime(100_000);
    expect(heard).toEqual([]);
  });
});
