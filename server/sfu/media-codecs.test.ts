import { describe, expect, test } from '@jest/globals';
import { ortc } from 'mediasoup';
import { MEDIA_CODECS, withPayloadTypes } from './media-codecs.ts';

/** As mediasoup numbers a Router's codecs. */
function numbersOf(payloadTypes: Record<string, number>): Record<string, number> {
  const { codecs = [] } = ortc.generateRouterRtpCapabilities(
    withPayloadTypes(MEDIA_CODECS, payloadTypes),
  );
  return Object.fromEntries(
    codecs
      .filter(({ mimeType }) => !/rtx$/i.test(mimeType))
      .map(({ mimeType, preferredPayloadType }) => [mimeType.toLowerCase(), preferredPayloadType]),
  );
}

test('VP9 gives way where the numbers do not suffice', () => {
  const old = { 'video/vp8': 100, 'video/vp9': 101, 'video/h264': 107 };
  expect(numbersOf(old)).toMatchObject({ 'video/vp8': 100, 'video/h264': 107 });
  expect(numbersOf(old)['video/vp9']).not.toBe(101);
});

describe('withPayloadTypes', () => {
  test.each([
    ['Chromium', { 'audio/opus': 111, 'video/vp8': 96, 'video/vp9': 98, 'video/h264': 102 }],
    ['Firefox', { 'audio/opus': 109, 'video/vp8': 120, 'video/vp9': 121, 'video/h264': 126 }],
    ['without VP9, where mediasoup begins to count', { 'video/vp8': 96, 'video/h264': 100 }],
    ['the same, one further', { 'video/vp8': 96, 'video/h264': 101 }],
    ['H.264 only', { 'audio/opus': 111, 'video/h264': 103 }],
    ['above and below', { 'video/vp8': 103, 'video/vp9': 100, 'video/h264': 99 }],
    ['nothing', {}],
  ])('%s: the numbers are those of the client', (_name, payloadTypes) => {
    expect(numbersOf(payloadTypes)).toMatchObject(payloadTypes);
    expect(Object.keys(numbersOf(payloadTypes))).toHaveLength(MEDIA_CODECS.length);
  });
});
