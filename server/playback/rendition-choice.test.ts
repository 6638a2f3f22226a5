import { describe, expect, test } from '@jest/globals';
import { type LayerLimit, NO_LIMIT } from '../sfu/layer-choice.ts';
import type { LinkReading } from '../sfu/link-ceiling.ts';
import {
  burstBytesOf,
  chooseRendition,
  distrusted,
  FIRST_PROVEN_AFTER_MS,
  firstTrust,
  isTooMuch,
  type LinkMemory,
  PROVEN_AFTER_MS,
  refitted,
  renditionReason,
  trusted,
} from './rendition-choice.ts';

const BITRATES = [200_000, 600_000, 1_900_000];
const SOUND = 100_000;
const TOP = 2;

const at = (nowMs: number, estimate: number, current: number | null = 0): LinkReading => ({
  ...{ estimate, bitrates: BITRATES, besides: SOUND, current, nowMs },
});
const begun = (estimate: number) => firstTrust(estimate, { bitrates: BITRATES, besides: SOUND });
const follow = (memory: LinkMemory, readings: readonly LinkReading[]) =>
  readings.reduce((last, reading) => trusted(last, reading), memory);

describe('which Rendition to begin with', () => {
  test.each([
    ['next to nothing', 50_000, 0],
    ['the lowest', 400_000, 0],
    ['what is taken where nothing is known', 1_000_000, 1],
    ['nearly the top', 2_100_000, 1],
    ['the top', 2_300_000, 2],
    ['a fast link', 20_000_000, 2],
  ])('%s', (_name, estimate, rendition) => {
    expect(chooseRendition(begun(estimate), NO_LIMIT, TOP)).toBe(rendition);
  });
});

describe('up', () => {
  const low = begun(400_000);

  test.each<[string, LinkReading[], number]>([
    ['not at once', [at(0, 5e6)], 0],
    ['when it has been carried for a while', [at(0, 5e6), at(FIRST_PROVEN_AFTER_MS, 5e6)], 2],
    ['not for a moment', [at(0, 5e6), at(300, 3e5), at(FIRST_PROVEN_AFTER_MS, 5e6)], 0],
    ['the least of that time counts', [at(0, 5e6), at(300, 1e6), at(600, 5e6)], 1],
    ['no further than it fits with room', [at(0, 1.2e6), at(5_000, 1.2e6)], 1],
    ['not without that room', [at(0, 9e5), at(5_000, 9e5)], 0],
  ])('%s', (_name, readings, rendition) => {
    expect(follow(low, readings).ceiling.layer).toBe(rendition);
  });

  test('more slowly once it was too much', () => {
    const fell = distrusted(begun(3e6), at(0, 3e5, 2));
    const soon = follow(fell, [at(10_000, 5e6), at(10_000 + FIRST_PROVEN_AFTER_MS, 5e6)]);
    expect(soon.ceiling.layer).toBe(0);
    const later = follow(soon, [at(10_000 + PROVEN_AFTER_MS, 5e6)]);
    expect(later.ceiling.layer).toBe(2);
  });

  test('never down: that is another’s business', () => {
    expect(follow(begun(3e6), [at(0, 1e5), at(60_000, 1e5)]).ceiling.layer).toBe(2);
  });
});

describe('down', () => {
  test('at once, to the lowest', () => {
    const memory = distrusted(begun(3e6), at(0, 5e5, 2));
    expect(chooseRendition(memory, NO_LIMIT, TOP)).toBe(0);
  });

  test.each<[string, LinkReading, number, boolean, boolean]>([
    ['it fits', at(0, 2.5e6, 2), 0, false, false],
    ['it does not', at(0, 1.8e6, 2), 0, false, true],
    ['the lowest is never too much', at(0, 1e5, 0), 0, false, false],
    ['nothing is sent', at(0, 1e5, null), 0, false, false],
    ['on the floor, nobody complains', at(0, 770_000, 1), 770_000, false, false],
    ['on the floor, the receiver does', at(0, 770_000, 1), 770_000, true, true],
    ['above the floor', at(0, 900_000, 1), 770_000, true, false],
  ])('%s', (_name, reading, floor, isDistressed, expected) => {
    expect(isTooMuch(reading, floor, isDistressed)).toBe(expected);
  });

  test('a higher speed takes more', () => {
    const twice = { ...at(0, 2.3e6, 2), bitrates: BITRATES.map((one) => one * 2), besides: 0 };
    expect(refitted(begun(2.3e6), twice).ceiling.layer).toBe(1);
    expect(refitted(begun(2.3e6), { ...twice, estimate: 9e6 }).ceiling.layer).toBe(2);
    expect(refitted(begun(2.3e6), { ...twice, estimate: 1e5 }).ceiling.layer).toBe(0);
  });
});

describe('what the device and the person want', () => {
  const small: LayerLimit = { ...NO_LIMIT, layer: 1, reason: 'size' };
  const chosen: LayerLimit = { ...NO_LIMIT, layer: 2, reason: 'chosen' };
  const resting: LayerLimit = { ...NO_LIMIT, picture: false, reason: 'audioOnly' };
  const [fast, slow] = [begun(9e6), begun(4e5)];

  test.each<[string, LinkMemory, LayerLimit, number | null, number, string]>([
    ['the best', fast, NO_LIMIT, 2, 2, 'best'],
    ['a small picture', fast, small, 1, 1, 'size'],
    ['a small picture on a slow link', slow, small, 0, 0, 'bandwidth'],
    ['a slow link', slow, NO_LIMIT, 0, 0, 'bandwidth'],
    ['chosen', fast, chosen, 2, 2, 'chosen'],
    ['chosen, and it does not fit', slow, chosen, 0, 0, 'bandwidth'],
    ['a choice of what there is not', fast, { ...chosen, layer: 6 }, 2, 2, 'chosen'],
    ['sound only', fast, resting, 2, 0, 'audioOnly'],
    ['nothing yet', fast, NO_LIMIT, null, 2, 'starting'],
    ['a small one because it is there sooner', fast, NO_LIMIT, 0, 2, 'starting'],
  ])('%s', (_name, memory, limit, current, rendition, reason) => {
    expect(chooseRendition(memory, limit, TOP)).toBe(rendition);
    expect(renditionReason(memory, limit, { current, top: TOP })).toBe(reason);
  });
});

test.each([
  [100_000, 60_000],
  [1_000_000, 60_000],
  [8_000_000, 150_000],
])('of %d bits a second, %d bytes at once', (estimate, bytes) => {
  expect(burstBytesOf(estimate)).toBe(bytes);
});
