import { describe, expect, test } from '@jest/globals';
import { isOfAsset, isOfChannel } from './media-events.ts';

describe('which events of the inner <video> the element tells', () => {
  test.each([
    ['timeupdate', true, true, false],
    ['seeking', true, true, false],
    ['waiting', true, true, false],
    ['playing', true, true, false],
    ['progress', true, true, false],
    ['durationchange', true, false, false],
    ['ratechange', true, false, false],
    ['ended', false, false, false],
    ['emptied', false, true, false],
    ['error', false, false, false],
    ['volumechange', true, true, true],
    ['loadedmetadata', true, true, true],
    ['resize', true, true, true],
    ['enterpictureinpicture', true, true, true],
  ])('%s', (type, live, keepingTime, carryingAStream) => {
    expect([isOfChannel(type), isOfAsset(type, true), isOfAsset(type, false)]).toEqual([
      live,
      keepingTime,
      carryingAStream,
    ]);
  });
});
