import { expect, test } from '@jest/globals';
import { buildChunk } from './media-chunk.ts';
import { SessionBurst } from './session-burst.ts';

/** A picture of so many packets. */
const picture = (packets: number, line: number) => ({
  place: {
    index: 0,
    frame: 0,
    chunk: buildChunk([
      {
        seconds: 0,
        duration: 1,
        isKeyFrame: true,
        payloads: Array.from({ length: packets }, () => new Uint8Array(1)),
      },
    ]),
  },
  line,
});

function play(burst: SessionBurst) {
  const sent: { line: number; atMs: number }[] = [];
  for (let guard = 0; guard < 100 && !burst.isOver; guard += 1) {
    const atMs = burst.dueMs;
    burst.run(atMs, ({ line }) => sent.push({ line, atMs }));
  }
  return sent;
}

test('a short one goes out at once', () => {
  const burst = new SessionBurst();
  burst.begin([picture(30, 1), picture(2, 2), picture(2, 3)], 10);
  expect(play(burst)).toEqual([1, 2, 3].map((line) => ({ line, atMs: 10 })));
  expect(burst.dueMs).toBe(Number.POSITIVE_INFINITY);
});

test('a long one leaves the receiver time to read', () => {
  const burst = new SessionBurst();
  const lines = Array.from({ length: 20 }, (_, index) => index);
  burst.begin(
    lines.map((line) => picture(10, line)),
    10,
  );
  const sent = play(burst);
  expect(sent.map(({ line }) => line)).toEqual(lines);
  expect(sent.map(({ atMs }) => atMs)).toEqual(lines.map((line) => 10 + Math.floor(line / 5)));
});

test('what is begun anew takes the place of what was left', () => {
  const burst = new SessionBurst();
  burst.begin([picture(60, 1), picture(60, 2)], 10);
  burst.run(10, () => undefined);
  burst.begin([picture(1, 3)], 11);
  expect(play(burst)).toEqual([{ line: 3, atMs: 11 }]);
});

test('nothing is over at once', () => {
  const burst = new SessionBurst();
  burst.begin([], 5);
  expect(burst.isOver).toBe(true);
  expect(burst.dueMs).toBe(Number.POSITIVE_INFINITY);
});
