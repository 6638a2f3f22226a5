import { describe, expect, test } from '@jest/globals';
import { mayPass, WAY_REASONS, type WayFacts, waysToTry } from './way-choice.ts';
import { wayWords, WAY_SENTENCES } from './way-words.ts';

const EVERYTHING = { webRtc: true, h264: true, mediaSource: true, nativeHls: true };
const usual: WayFacts = {
  able: { ...EVERYTHING, nativeHls: false },
  kind: 'video',
  keepsPitch: false,
  savesData: false,
  savesBattery: false,
  met: null,
  remembered: false,
};

describe('waysToTry', () => {
  test.each<[string, Partial<WayFacts>, string, string | null]>([
    ['a usual browser', {}, 'webrtc hls', null],
    ['one that has everything', { able: EVERYTHING }, 'webrtc hls nativeHls', null],
    ['an iPhone of old', { able: { ...EVERYTHING, mediaSource: false } }, 'webrtc nativeHls', null],
    ['no WebRTC', { able: { ...usual.able, webRtc: false } }, 'hls', 'noWebRtc'],
    ['no H.264', { able: { ...usual.able, h264: false } }, 'hls', 'noH264'],
    [
      'a TV',
      { able: { ...EVERYTHING, webRtc: false, mediaSource: false } },
      'nativeHls',
      'noWebRtc',
    ],
    ['only WebRTC', { able: { ...usual.able, mediaSource: false } }, 'webrtc', null],
    ['sound alone', { kind: 'audio' }, 'hls', 'soundOnly'],
    ['a speed with sound', { keepsPitch: true }, 'hls webrtc', 'speed'],
    ['data saver', { savesData: true }, 'hls webrtc', 'dataSaver'],
    ['battery saver', { savesBattery: true }, 'hls webrtc', 'batterySaver'],
    ['a failure of yesterday', { remembered: true }, 'hls webrtc', 'remembered'],
    ['a failure just met', { met: 'noConnection', remembered: true }, 'hls webrtc', 'noConnection'],
    ['a refusal just met', { met: 'refused' }, 'hls', 'refused'],
    ['no room just now', { met: 'noRoom' }, 'hls webrtc', 'noRoom'],
    ['it broke off', { met: 'brokeOff' }, 'hls webrtc', 'brokeOff'],
  ])('%s', (_name, facts, ways, reason) => {
    expect(waysToTry({ ...usual, ...facts })).toEqual({ ways: ways.split(' '), reason });
  });

  test('what the person wants is told before what the network did', () => {
    const facts = { ...usual, savesData: true, keepsPitch: true, remembered: true };
    expect(waysToTry(facts).reason).toBe('speed');
    expect(waysToTry({ ...facts, keepsPitch: false }).reason).toBe('dataSaver');
  });

  test('a browser that has nothing', () => {
    const able = { webRtc: false, h264: false, mediaSource: false, nativeHls: false };
    expect(waysToTry({ ...usual, able }).ways).toEqual([]);
  });

  test('remembered and nothing else there: WebRTC is tried all the same', () => {
    const able = { ...EVERYTHING, mediaSource: false, nativeHls: false };
    expect(waysToTry({ ...usual, able, remembered: true }).ways).toEqual(['webrtc']);
  });
});

test.each([
  [null, false],
  ['noConnection', true],
  ['remembered', true],
  ['noRoom', true],
  ['refused', false],
  ['noWebRtc', false],
  ['speed', false],
  ['dataSaver', false],
] as const)('%s may pass: %s', (reason, expected) => {
  expect(mayPass(reason)).toBe(expected);
});

describe('in words', () => {
  test('every reason has its own', () => {
    expect(new Set(WAY_REASONS.map((reason) => WAY_SENTENCES[reason])).size).toBe(
      WAY_REASONS.length,
    );
  });

  test.each([
    [{ via: 'webrtc', reason: null, protocol: 'udp' }, 'WebRTC over UDP'],
    [{ via: 'webrtc', reason: null, protocol: null }, 'WebRTC'],
    [
      { via: 'hls', reason: 'noConnection', protocol: null },
      'HLS: WebRTC did not get through on this network',
    ],
    [
      { via: 'nativeHls', reason: 'noWebRtc', protocol: null },
      'the browser’s own HLS: this browser has no WebRTC',
    ],
  ] as const)('%j', (told, words) => {
    expect(wayWords(told)).toBe(words);
  });
});
