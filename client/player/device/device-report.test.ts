import { describe, expect, test } from '@jest/globals';
import { changeBetween, type DeviceFacts, deviceReport } from './device-report.ts';

const facts: DeviceFacts = {
  element: { width: 640, height: 360 },
  pictureInPicture: null,
  pixelRatio: 1,
  pageShown: true,
  inViewport: true,
  audible: true,
  decoding: [],
  strain: { droppedFraction: 0, decodeLoad: 0 },
  network: { saveData: false, effectiveType: '4g', type: undefined },
};

describe('deviceReport', () => {
  test.each<[string, Partial<DeviceFacts>, object]>([
    ['CSS pixels times the ratio', { pixelRatio: 1.5 }, { width: 960, height: 540 }],
    ['a hidden page', { pageShown: false }, { visible: false }],
    ['scrolled away', { inViewport: false }, { visible: false }],
    [
      'in picture-in-picture that window counts, and it is seen',
      { pageShown: false, pixelRatio: 2, pictureInPicture: { width: 300, height: 169 } },
      { width: 600, height: 338, visible: true },
    ],
    ['an element without a box', { element: { width: 0, height: 0 } }, { width: 0, height: 0 }],
    [
      'strain, without its noise',
      { strain: { droppedFraction: 0.168, decodeLoad: 0.31 } },
      { droppedFraction: 0.15, decodeLoad: 0.25 },
    ],
    [
      'no more strain than the contract has numbers for',
      { strain: { droppedFraction: 3, decodeLoad: 500 } },
      { droppedFraction: 1, decodeLoad: 100 },
    ],
    ['the network', {}, { saveData: false, effectiveType: '4g' }],
  ])('%s', (_name, change, expected) => {
    expect(deviceReport({ ...facts, ...change })).toMatchObject(expected);
  });

  test('what the browser does not tell is left out', () => {
    const network = { saveData: false, effectiveType: undefined, type: undefined };
    expect(deviceReport({ ...facts, network })).not.toHaveProperty('effectiveType');
  });
});

describe('changeBetween', () => {
  const report = deviceReport(facts);
  const hidden = { ...report, visible: false };
  test.each([
    ['the first one', null, report, 'some'],
    ['the same', report, { ...report }, 'none'],
    ['another size', report, { ...report, width: 641 }, 'some'],
    ['hidden', report, hidden, 'urgent'],
    ['shown', hidden, report, 'urgent'],
    ['muted while seen', report, { ...report, audible: false }, 'some'],
    ['heard again while hidden', { ...hidden, audible: false }, hidden, 'urgent'],
  ] as const)('%s', (_name, before, after, expected) => {
    expect(changeBetween(before, after)).toBe(expected);
  });
});
