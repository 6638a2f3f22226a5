import { describe, expect, test } from '@jest/globals';
import { type Hearing, StreamSampler } from './stream-sampler.ts';

/** A stream whose packets are counted by hand. */
function setUp() {
  let packets = 0;
  let due = true;
  const heard: Hearing[] = [];
  const source = {
    statistics: async () => [
      { type: 'inbound-rtp', kind: 'audio', timestamp: 1, packetsReceived: packets },
    ],
    due: () => due,
  };
  const sampler = new StreamSampler(source, { hearing: (hearing) => heard.push(hearing) });
  return {
    sampler,
    heard,
    receive: (count: number) => (packets = count),
    expectPackets: (expected: boolean) => (due = expected),
    look: async (times: number) => {
      for (let index = 0; index < times; index += 1) await sampler.look();
    },
  };
}

describe('StreamSampler', () => {
  test('says when packets stop, when they are given up, and when they are back', async () => {
    const { heard, receive, look } = setUp();
    receive(10);
    await look(3);
    expect(heard).toEqual([]);
    await look(1);
    expect(heard).toEqual(['silent']);
    await look(10);
    expect(heard).toEqual(['silent', 'lost']);
    receive(11);
    await look(1);
    expect(heard).toEqual(['silent', 'lost', 'heard']);
  });

  test('silence where nothing is due is none', async () => {
    const { heard, expectPackets, look } = setUp();
    expectPackets(false);
    await look(20);
    expect(heard).toEqual([]);
  });

  test('a connection that was closed under the look is passed over', async () => {
    const sampler = new StreamSampler(
      { statistics: () => Promise.reject(new Error('closed')), due: () => true },
      { hearing: () => undefined },
    );
    await sampler.look();
    expect(sampler.figures.packetsReceived).toBe(0);
  });
});
