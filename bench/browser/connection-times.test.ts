import { describe, expect, test } from '@jest/globals';
import { receiverTimes, senderTimes } from './connection-times.ts';

const BEFORE = {
  bytes: 1_000,
  framesDecoded: 10,
  jitterBufferSeconds: 0.2,
  jitterBufferFrames: 11,
  processingSeconds: 0.3,
};

describe('the times of a receiver', () => {
  test('are of the pictures between two looks', () => {
    const after = {
      bytes: 1_251_000,
      framesDecoded: 160,
      jitterBufferSeconds: 3.2,
      jitterBufferFrames: 161,
      processingSeconds: 6.3,
    };
    const times = receiverTimes(BEFORE, after, 5_000);
    expect(times.jitterBufferMs).toBeCloseTo(20);
    expect(times.processingMs).toBeCloseTo(40);
    expect(times.framesPerSecond).toBeCloseTo(30);
    expect(times.kilobits).toBeCloseTo(2_000);
  });

  test('of a picture that stands still are none', () => {
    expect(() => receiverTimes(BEFORE, BEFORE, 5_000)).toThrow('No further picture');
    expect(() => receiverTimes(null, BEFORE, 5_000)).toThrow('No picture');
  });
});

describe('the times of a sender', () => {
  test('are a mean of pictures and a mean of packets', () => {
    const before = { framesEncoded: 5, encodeSeconds: 1, packets: 10, sendDelaySeconds: 0.5 };
    const after = { framesEncoded: 15, encodeSeconds: 1.2, packets: 110, sendDelaySeconds: 0.6 };
    const times = senderTimes(before, after);
    expect(times.encodeMs).toBeCloseTo(20);
    expect(times.sendDelayMs).toBeCloseTo(1);
    expect(() => senderTimes(null, after)).toThrow('No picture');
  });
});
