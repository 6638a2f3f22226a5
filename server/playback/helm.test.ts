import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import type { Playhead, Steering } from '../../signaling/contract/index.ts';
import type { PumpPlayhead, SessionOrder } from '../rtp/session-pump.ts';
import { NO_LIMIT } from '../sfu/layer-choice.ts';
import { Helm, type HelmPump } from './helm.ts';
import { RenditionWatch } from './rendition-watch.ts';
import { beginning } from './steering.ts';

const PLAYHEAD: PumpPlayhead = {
  ...{ rtpTimestamp: 90_000, position: 0, rate: 1 },
  ...{ rendition: 0, ended: false },
};
const END: PumpPlayhead = { ...PLAYHEAD, position: 12, rate: 0, ended: true };
const log = pino({ level: 'silent' });

/** Answers its orders when it is told to. */
class TestPump implements HelmPump {
  readonly orders: { order: SessionOrder; answer: (playhead: PumpPlayhead) => void }[] = [];
  tellEnd: (playhead: PumpPlayhead) => void = () => undefined;
  tellMove: (playhead: PumpPlayhead) => void = () => undefined;

  steer(order: SessionOrder): Promise<PumpPlayhead> {
    return new Promise((resolve) => this.orders.push({ order, answer: resolve }));
  }
  pause(): Promise<PumpPlayhead> {
    return Promise.resolve({ ...PLAYHEAD, position: 3, rate: 0 });
  }
  switchTo(): void {}
  onRendition(): () => void {
    return () => undefined;
  }
  onMoved(listener: (playhead: PumpPlayhead) => void): () => void {
    this.tellMove = listener;
    return () => undefined;
  }
  onEnded(listener: (playhead: PumpPlayhead) => void): () => void {
    this.tellEnd = listener;
    return () => undefined;
  }
  /** It is where it was asked to be, by its oldest order of which that is not known. */
  answer(playhead: Partial<PumpPlayhead> = {}): void {
    const asked = this.orders.shift();
    asked?.answer({ ...PLAYHEAD, position: asked.order.at, rate: asked.order.rate, ...playhead });
  }
}

describe('who steers a Session', () => {
  let pump: TestPump;
  let renditions: RenditionWatch;
  let helm: Helm;
  let moves: Playhead[];

  beforeEach(async () => {
    jest.useFakeTimers();
    pump = new TestPump();
    moves = [];
    renditions = new RenditionWatch({
      ...{ bitrates: [200_000, 600_000], soundBitrate: 100_000, startBitrate: 5_000_000 },
      ...{ limit: NO_LIMIT, link: () => undefined, log },
      onChoice: () => undefined,
      onOverrun: async () => undefined,
      onChange: () => undefined,
    });
    helm = new Helm({
      ...{ pump, renditions, state: beginning(0, false), log },
      onMoved: (playhead) => moves.push(playhead),
      onStanding: () => undefined,
      onSought: () => undefined,
    });
    const begun = helm.begin();
    pump.answer();
    await begun;
    moves = [];
  });
  afterEach(() => {
    helm.close();
    renditions.close();
    jest.useRealTimers();
  });

  /** Asked, and not answered yet. */
  const asked = async (steering: Steering): Promise<{ answer: Promise<Playhead> }> => {
    const answer = helm.steer(steering);
    await jest.advanceTimersByTimeAsync(0);
    return { answer };
  };

  test.each<[string, (pump: TestPump) => void]>([
    ['the end of what was sent before', ({ tellEnd }) => tellEnd(END)],
    ['a move of what was sent before', ({ tellMove }) => tellMove({ ...PLAYHEAD, position: 11 })],
  ])('an order is not answered by %s', async (_name, tell) => {
    const { answer: playhead } = await asked({ at: 10 });
    tell(pump);
    pump.answer();
    expect(await playhead).toMatchObject({ change: 2, position: 10, ended: false });
    expect(moves).toEqual([]);
  });

  test('what the Pump tells after its answer is told on', async () => {
    const { answer: playhead } = await asked({ at: 10 });
    pump.answer();
    await playhead;
    pump.tellMove({ ...PLAYHEAD, position: 11 });
    pump.tellEnd(END);
    expect(moves).toMatchObject([
      { change: 3, position: 11, ended: false },
      { change: 3, position: 12, ended: true },
    ]);
  });

  test('a picture gets as sharp as the link carries it quickly, and the best when somebody stays', async () => {
    const { answer: paused } = await asked({ at: 10, paused: true });
    expect(pump.orders).toMatchObject([{ order: { rendition: 0 } }]);
    pump.answer();
    await paused;
    await jest.advanceTimersByTimeAsync(100);
    const { burstBytes } = renditions.allowance;
    expect(pump.orders).toMatchObject([{ order: { at: 10, rate: 0, rendition: 1, burstBytes } }]);
    pump.answer({ rendition: 0 });
    await jest.advanceTimersByTimeAsync(100);
    expect(pump.orders).toEqual([]);
    await jest.advanceTimersByTimeAsync(300);
    const unbounded = Number.MAX_SAFE_INTEGER;
    expect(pump.orders).toMatchObject([{ order: { rendition: 1, burstBytes: unbounded } }]);
    pump.answer({ rendition: 1 });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(pump.orders).toEqual([]);
  });

  test('a sharper picture that was overtaken is not told', async () => {
    const { answer: paused } = await asked({ at: 10, paused: true });
    pump.answer();
    await paused;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(pump.orders).toMatchObject([{ order: { at: 10, rate: 0, rendition: 1 } }]);
    const { answer: playing } = await asked({ at: 20, paused: false });
    pump.answer({ rendition: 1 });
    await jest.advanceTimersByTimeAsync(0);
    pump.answer({ rendition: 1 });
    expect(await playing).toMatchObject({ position: 20, rate: 1 });
    expect(moves).toEqual([]);
    // It plays on from there.
    const { answer: faster } = await asked({ rate: 2 });
    expect(pump.orders).toMatchObject([{ order: { at: 3, rate: 2 } }]);
    pump.answer();
    await faster;
  });

  test('a sharper picture is told of, and not asked for while something else is being sent', async () => {
    const { answer: paused } = await asked({ at: 10, paused: true });
    helm.choose(1);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(pump.orders).toHaveLength(1);
    pump.answer();
    await paused;
    await jest.advanceTimersByTimeAsync(1_000);
    pump.answer({ rendition: 1 });
    await jest.advanceTimersByTimeAsync(0);
    expect(moves).toMatchObject([{ change: 3, position: 10, rate: 0, rendition: 1 }]);
  });
});
