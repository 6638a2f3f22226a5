import { describe, expect, test } from '@jest/globals';
import { parseAssetAddress } from './asset-address.ts';

const PAGE = 'https://video.example/watch/whatever';
const ID = 'ABCDEFGHIJKLMNO2';
const PARTY = 'abcdefghijklmnopqrstuv';

describe('parseAssetAddress', () => {
  test.each([
    [ID, 'https://video.example', 0],
    [`/watch/${ID}`, 'https://video.example', 0],
    [`/embed/${ID}?t=1m5s`, 'https://video.example', 65],
    [`https://elsewhere.example/watch/${ID}?start=7`, 'https://elsewhere.example', 7],
  ])('%s', (src, origin, startAt) => {
    const url = `${origin}/api/v1/assets/${ID}`;
    expect(parseAssetAddress(src, PAGE)).toEqual({ assetId: ID, url, startAt, party: null });
  });

  test.each([
    [PARTY, PARTY],
    ['', null],
    ['x/../y', null],
  ])('of the party %s', (party, expected) => {
    expect(parseAssetAddress(`/watch/${ID}?party=${party}`, PAGE)).toMatchObject({
      party: expected,
    });
  });

  test.each([
    'demo',
    '/watch/demo',
    '/watch/abcdefghijklmno2',
    `ftp://x/watch/${ID}`,
    '',
    'http://[',
  ])('%s is none', (src) => {
    expect(parseAssetAddress(src, PAGE)).toBeNull();
  });
});
