import { describe, expect, test } from '@jest/globals';
import { PictureGate } from './picture-gate.ts';

/** A gate over a `<video>`, and what it does to what a person sees. */
function start() {
  const seen: string[] = [];
  const early: { newest: VideoFrame | null; newestTimestamp: number | undefined } = {
    newest: null,
    newestTimestamp: undefined,
  };
  const video = { poster: '', videoWidth: 640 };
  const gate: PictureGate = Reflect.construct(PictureGate, [
    video,
    early,
    {
      hold: () => seen.push('hold'),
      draw: (frame: unknown) => seen.push(`draw ${String(frame)}`),
      cover: () => undefined,
      release: () => seen.push('release'),
      remove: () => undefined,
    },
  ]);
  const decoded = (rtpTimestamp: number | undefined) =>
    Object.assign(early, { newest: rtpTimestamp ?? null, newestTimestamp: rtpTimestamp });
  return { gate, seen, decoded };
}

describe('what a person sees of a video', () => {
  test('without early pictures, what the video has', () => {
    const { gate, seen } = start();
    gate.open();
    gate.close();
    gate.close();
    gate.show();
    gate.open();
    expect(seen).toEqual(['release', 'hold', 'hold', 'release']);
  });

  test('a picture that the video does not have yet, until it has it', () => {
    const { gate, seen, decoded } = start();
    decoded(5_000);
    gate.open();
    decoded(undefined);
    expect(seen).toEqual(['draw 5000']);
    gate.presented(4_910);
    expect(gate.isOpen).toBe(false);
    gate.presented(5_000);
    expect([gate.isOpen, ...seen]).toEqual([true, 'draw 5000', 'release']);
  });

  test('it stays closed where it was closed before the video had it', () => {
    const { gate, seen, decoded } = start();
    decoded(5_000);
    gate.open();
    gate.close();
    gate.presented(5_000);
    expect([gate.isOpen, ...seen]).toEqual([false, 'draw 5000']);
  });

  test('what was drawn is not replaced by what the video had before it', () => {
    const { gate, seen, decoded } = start();
    decoded(5_000);
    gate.show();
    decoded(undefined);
    gate.show();
    expect(seen).toEqual(['draw 5000']);
    gate.presented(5_000);
    gate.show();
    expect(seen).toEqual(['draw 5000', 'hold']);
  });

  test('timestamps wrap around', () => {
    const { gate, decoded } = start();
    decoded(50);
    gate.open();
    gate.presented(2 ** 32 - 40);
    expect(gate.isOpen).toBe(false);
    gate.presented(50);
    expect(gate.isOpen).toBe(true);
  });

  test('pictures of another Session say nothing of those before', () => {
    const { gate, seen, decoded } = start();
    decoded(5_000);
    gate.show();
    decoded(undefined);
    gate.begin();
    gate.open();
    expect(seen).toEqual(['draw 5000', 'release']);
  });
});
