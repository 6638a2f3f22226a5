import { describe, expect, test } from '@jest/globals';
import { HoldBack } from './hold-back.ts';

function setUp(longestMs = 60_000) {
  const sent: number[] = [];
  const hold = new HoldBack(longestMs, (header) => sent.push(header[0] ?? -1));
  const push = (id: number, timestamp: number) =>
    hold.push(Uint8Array.of(id), new Uint8Array(), timestamp);
  return { sent, hold, push };
}

describe('the original waits for the encoded Layers', () => {
  test('packets leave in their order, as far as the others have come', () => {
    const { sent, hold, push } = setUp();
    hold.release(100);
    push(1, 100);
    push(2, 200);
    push(3, 300);
    expect(sent).toEqual([1]);
    hold.release(200);
    expect(sent).toEqual([1, 2]);
    push(4, 300);
    hold.release(300);
    expect(sent).toEqual([1, 2, 3, 4]);
  });

  test('over the end of the RTP clock', () => {
    const { sent, hold, push } = setUp();
    hold.release(2 ** 32 - 10);
    push(1, 20);
    expect(sent).toEqual([]);
    hold.release(20);
    expect(sent).toEqual([1]);
  });

  test('with nobody to wait for, at once', () => {
    const { sent, hold, push } = setUp();
    push(1, 100);
    hold.release(100);
    push(2, 200);
    hold.open();
    push(3, 300);
    expect(sent).toEqual([1, 2, 3]);
  });

  test('no longer than so long', async () => {
    const { sent, hold, push } = setUp(20);
    hold.release(0);
    const started = performance.now();
    push(1, 100);
    while (sent.length === 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
    expect(performance.now() - started).toBeGreaterThanOrEqual(19);
  });
});
