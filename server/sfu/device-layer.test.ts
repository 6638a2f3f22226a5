import { describe, expect, test } from '@jest/globals';
import type { DeviceReport, PreferredLayer } from '../../signaling/contract/index.ts';
import {
  decideLayer,
  type DeviceMemory,
  HIDDEN_AFTER_MS,
  NOTHING_KNOWN,
  remember,
} from './device-layer.ts';

const LAYERS = [180, 360, 720].map((height) => ({
  width: (height * 16) / 9,
  height,
  framesPerSecond: 30,
  bitrate: height * 1000,
}));

const CAPABLE = { supported: true, smooth: true, powerEfficient: true };
const LARGE: DeviceReport = {
  width: 1920,
  height: 1080,
  visible: true,
  audible: true,
  decoding: [],
  droppedFraction: 0,
  decodeLoad: 0.2,
  saveData: false,
};

function decide(
  memory: DeviceMemory,
  { preferred = 'auto', nowMs = 0, current = 2 }: Partial<Situation> = {},
) {
  return decideLayer(memory, { layers: LAYERS, preferred, current, nowMs });
}
interface Situation {
  preferred: PreferredLayer;
  nowMs: number;
  current: number | null;
}

const after = (report: Partial<DeviceReport>, nowMs = 0, memory = NOTHING_KNOWN) =>
  remember(memory, { ...LARGE, ...report }, nowMs);

describe('what is worth sending', () => {
  test.each<[string, Partial<DeviceReport>, number, string]>([
    ['a large picture', {}, Number.POSITIVE_INFINITY, 'best'],
    ['a picture of 320 pixels', { width: 320, height: 180 }, 0, 'size'],
    ['a picture of 640 pixels', { width: 640, height: 360 }, 1, 'size'],
    ['one in a tall element', { width: 320, height: 900 }, 0, 'size'],
    [
      'one slightly larger than a Layer',
      { width: 700, height: 394 },
      Number.POSITIVE_INFINITY,
      'best',
    ],
    ['saving data', { saveData: true }, 1, 'dataSaver'],
    ['a very slow network', { effectiveType: '2g' }, 0, 'dataSaver'],
    ['a fast network', { effectiveType: '4g' }, Number.POSITIVE_INFINITY, 'best'],
    [
      'a top that is not decoded smoothly',
      { decoding: [CAPABLE, CAPABLE, { ...CAPABLE, smooth: false }] },
      1,
      'decoder',
    ],
    [
      'a top that is not decoded at all, the rest not smoothly',
      {
        decoding: [
          { ...CAPABLE, smooth: false },
          { ...CAPABLE, smooth: false },
          { ...CAPABLE, supported: false },
        ],
      },
      1,
      'decoder',
    ],
    [
      'every Layer decoded',
      { decoding: [CAPABLE, CAPABLE, CAPABLE] },
      Number.POSITIVE_INFINITY,
      'best',
    ],
    ['the lowest of two limits', { saveData: true, width: 320, height: 180 }, 0, 'size'],
  ])('%s', (_name, report, layer, reason) => {
    expect(decide(after(report)).limit).toEqual({ layer, picture: true, sound: true, reason });
  });

  test('everything while nothing is known of the device or of the Layers', () => {
    expect(decide(NOTHING_KNOWN).limit.reason).toBe('best');
    const unknown = { layers: [], preferred: 'auto', current: null, nowMs: 0 } as const;
    expect(decideLayer(after({ width: 10, height: 10 }), unknown).limit.reason).toBe('best');
  });

  test('the person’s choice comes before what the device thinks', () => {
    const small = after({ width: 320, height: 180, saveData: true });
    expect(decide(small, { preferred: 2 }).limit).toMatchObject({ layer: 2, reason: 'chosen' });
    expect(decide(small, { preferred: 'audioOnly' }).limit).toMatchObject({
      picture: false,
      sound: true,
      reason: 'audioOnly',
    });
  });
});

describe('size', () => {
  test('does not flap at a boundary', () => {
    let memory = decide(after({ width: 640, height: 360 })).memory;
    const layers: number[] = [];
    for (const width of [650, 640, 700, 660, 790, 640]) {
      const decision = decide(after({ width, height: (width * 9) / 16 }, 0, memory));
      ({ memory } = decision);
      layers.push(decision.limit.layer);
    }
    expect(layers).toEqual([1, 1, 1, 1, 1, 1]);
    expect(decide(after({ width: 900, height: 506 }, 0, memory)).limit.reason).toBe('best');
  });

  test('goes down only where the lower Layer has all the pixels', () => {
    const { memory } = decide(after({ width: 1280, height: 720 }));
    const smaller = decide(after({ width: 660, height: 371 }, 0, memory));
    expect(smaller.limit.reason).toBe('best');
    expect(decide(after({ width: 640, height: 360 }, 0, smaller.memory)).limit.layer).toBe(1);
  });
});

describe('a picture that nobody sees', () => {
  test('rests after a while, the sound goes on, and it is back at once', () => {
    const memory = after({ visible: false }, 1000);
    const at = (nowMs: number) => decide(memory, { nowMs });
    expect(at(1000)).toMatchObject({
      limit: { picture: true },
      reviewAtMs: 1000 + HIDDEN_AFTER_MS,
    });
    const hidden = at(1000 + HIDDEN_AFTER_MS);
    expect(hidden.limit).toMatchObject({ picture: false, sound: true, reason: 'hidden' });
    expect(hidden.reviewAtMs).toBeUndefined();
    const shown = after({}, 9000, hidden.memory);
    expect(decide(shown, { nowMs: 9000 }).limit.picture).toBe(true);
  });

  test('rests with its sound where that cannot be heard either', () => {
    const memory = after({ visible: false, audible: false });
    expect(decide(memory, { nowMs: HIDDEN_AFTER_MS }).limit).toMatchObject({
      picture: false,
      sound: false,
    });
  });

  test('is one without size too, even where a Layer was chosen', () => {
    const memory = after({ width: 0, height: 0 });
    const { limit } = decide(memory, { nowMs: HIDDEN_AFTER_MS, preferred: 2 });
    expect(limit).toMatchObject({ picture: false, reason: 'hidden' });
  });
});

describe('a device that cannot keep up', () => {
  const DROPPING = { droppedFraction: 0.4 };

  test('is not judged by a moment', () => {
    const memory = after(DROPPING, 0);
    expect(decide(memory, { nowMs: 2000 }).limit.reason).toBe('best');
    const recovered = after({}, 2100, memory);
    expect(decide(recovered, { nowMs: 4000 })).toMatchObject({
      limit: { reason: 'best' },
      reviewAtMs: undefined,
    });
    expect(decide(after({ droppedFraction: 0.03 }), { nowMs: 9000 }).limit.reason).toBe('best');
  });

  test.each([DROPPING, { decodeLoad: 1.2 }])('loses the Layer after a while: %o', (report) => {
    const memory = after(report, 0);
    expect(decide(memory, { nowMs: 0 }).reviewAtMs).toBe(2500);
    const judged = decide(memory, { nowMs: 2500 });
    expect(judged.limit).toMatchObject({ layer: 1, reason: 'slowDevice' });
    expect(judged.reviewAtMs).toBe(2500 + 15_000);
  });

  test('gets it back to try again, each time later', () => {
    let { memory } = decide(after(DROPPING, 0), { nowMs: 2500 });
    memory = after({}, 3000, memory);
    expect(decide(memory, { nowMs: 17_499, current: 1 }).limit.layer).toBe(1);
    const again = decide(memory, { nowMs: 17_500, current: 1 });
    expect(again.limit.reason).toBe('best');
    const second = decide(after(DROPPING, 18_000, again.memory), { nowMs: 20_500 });
    expect(second.limit.reason).toBe('slowDevice');
    expect(second.reviewAtMs).toBe(20_500 + 30_000);
  });

  test('keeps the lowest Layer whatever happens', () => {
    const memory = after({ droppedFraction: 1 }, 0);
    expect(decide(memory, { nowMs: 5000, current: 0 }).limit.reason).toBe('best');
  });
});
