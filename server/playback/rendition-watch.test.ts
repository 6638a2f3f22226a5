import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { type LayerChange, NO_LIMIT } from '../sfu/layer-choice.ts';
import { type AskedLink, RenditionWatch } from './rendition-watch.ts';

const BITRATES = [200_000, 600_000, 1_900_000];
const MAXIMUM = 7_000_000;

/** A link that says what was asked of it. */
class TestLink implements AskedLink {
  capped = false;
  looks = 0;
  floor = { layer: 0, bitrate: 0 };
  isFull = false;

  floorOf(layer: number): number {
    return this.floor.layer === layer ? this.floor.bitrate : 0;
  }
  async hold(layer: number, bitrate: number): Promise<void> {
    this.floor = { layer, bitrate };
  }
  async letGo(): Promise<void> {
    this.floor = { layer: 0, bitrate: 0 };
  }
  async isDistressed(): Promise<boolean> {
    return this.isFull;
  }
  async look(): Promise<void> {
    this.capped = !this.capped;
    this.looks += 1;
  }
  async endLook(): Promise<void> {
    this.capped = false;
  }
}

describe('the Rendition that a Viewer is to have', () => {
  let link: TestLink;
  let watch: RenditionWatch;
  let chosen: number[];
  let told: LayerChange[];
  /** Which Rendition was chosen last, each time. */
  let overruns: (number | undefined)[];

  const begin = (startBitrate: number) => {
    link = new TestLink();
    [chosen, told, overruns] = [[], [], []];
    watch = new RenditionWatch({
      ...{ bitrates: BITRATES, soundBitrate: 100_000, startBitrate, limit: NO_LIMIT },
      link: () => link,
      // What is chosen flows at once.
      onChoice: (rendition) => {
        chosen.push(rendition);
        watch.setFlowing(rendition);
      },
      onOverrun: async () => {
        overruns.push(chosen.at(-1));
      },
      onChange: (change) => told.push(change),
      log: pino({ level: 'silent' }),
    });
    watch.setRate(1);
    watch.setFlowing(watch.allowance.rendition);
  };
  const estimate = async (bitrate: number, seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 1) {
      watch.setEstimate(bitrate, MAXIMUM);
      await jest.advanceTimersByTimeAsync(1_000);
    }
  };

  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    watch.close();
    jest.useRealTimers();
  });

  test('goes up by the estimate, and says why it is where it is', async () => {
    begin(400_000);
    expect(told).toEqual([{ spatialLayer: 0, reason: 'bandwidth' }]);
    await estimate(1_200_000, 3);
    expect(chosen).toEqual([1]);
    await estimate(5_000_000, 3);
    expect(chosen).toEqual([1, 2]);
    expect(told.at(-1)).toEqual({ spatialLayer: 2, reason: 'best' });
  });

  test('falls at once to the lowest, and goes up again to what fits', async () => {
    begin(5_000_000);
    await estimate(5_000_000, 5);
    await estimate(900_000, 1);
    expect(chosen).toEqual([0]);
    expect(told.at(-1)).toEqual({ spatialLayer: 0, reason: 'bandwidth' });
    expect(overruns).toEqual([0]);
    await estimate(1_100_000, 6);
    expect(chosen).toEqual([0, 1]);
    expect(overruns).toEqual([0]);
  });

  test('stays through a dip of what it holds, unless the receiver complains', async () => {
    begin(1_200_000);
    await estimate(1_200_000, 2);
    const { bitrate } = link.floor;
    expect(bitrate).toBeGreaterThan(700_000);
    await estimate(bitrate, 3);
    expect(chosen).toEqual([]);
    link.isFull = true;
    await estimate(bitrate, 1);
    expect(chosen).toEqual([0]);
    expect(link.floor.bitrate).toBe(0);
  });

  test('asks for new looks while the link holds it back, and only then', async () => {
    begin(400_000);
    await estimate(400_000, 6);
    expect(link.looks).toBeGreaterThan(2);
    await estimate(5_000_000, 4);
    const { looks } = link;
    await estimate(5_000_000, 10);
    expect([link.looks, link.capped]).toEqual([looks, false]);
  });

  test('chooses and tells nothing after its end, whatever was being asked', async () => {
    begin(1_200_000);
    await estimate(1_200_000, 2);
    const asking = Promise.withResolvers<boolean>();
    link.isDistressed = () => asking.promise;
    watch.setEstimate(link.floor.bitrate, MAXIMUM);
    const before = told.length;
    watch.close();
    asking.resolve(true);
    await jest.advanceTimersByTimeAsync(1_000);
    watch.setLimit({ ...NO_LIMIT, layer: 0, reason: 'size' });
    expect([chosen, told.length]).toEqual([[], before]);
  });

  test('asks for none while nothing is sent', async () => {
    begin(400_000);
    watch.setRate(0);
    await estimate(400_000, 10);
    expect(link.looks).toBe(0);
    expect(chosen).toEqual([]);
  });

  test('what comes much too late is too much, whatever the estimate says', () => {
    begin(5_000_000);
    watch.relieve(100);
    expect(chosen).toEqual([]);
    watch.relieve(400);
    expect(chosen).toEqual([0]);
  });

  test('the device’s limit counts at once, and its end, too', () => {
    begin(5_000_000);
    watch.setLimit({ ...NO_LIMIT, layer: 1, reason: 'size' });
    expect(told.at(-1)).toEqual({ spatialLayer: 1, reason: 'size' });
    watch.setLimit({ ...NO_LIMIT, picture: false, reason: 'hidden' });
    expect(told.at(-1)).toEqual({ spatialLayer: null, reason: 'hidden' });
    watch.setLimit(NO_LIMIT);
    expect(chosen).toEqual([1, 0, 2]);
    expect(told.at(-1)).toEqual({ spatialLayer: 2, reason: 'best' });
  });

  test('twice the speed takes twice as much', () => {
    begin(2_500_000);
    expect(watch.allowance.rendition).toBe(2);
    watch.setRate(2);
    expect(watch.allowance.rendition).toBe(1);
  });
});
