import { describe, expect, test } from '@jest/globals';
import { chooseCodec, type CodecFacts } from './codec-choice.ts';

const hardware = { supported: true, smooth: true, powerEfficient: true };
const software = { supported: true, smooth: true, powerEfficient: false };
const both = new Set(['H264', 'VP8'] as const);

const cases: [string, CodecFacts, string | undefined, RegExp][] = [
  ['hardware', { sendable: both, h264: hardware }, 'H264', /hardware encoder/],
  ['software only', { sendable: both, h264: software }, 'VP8', /no hardware encoder/],
  ['unknown', { sendable: both, h264: null }, 'VP8', /does not say/],
  ['no H.264', { sendable: new Set(['VP8']), h264: null }, 'VP8', /cannot send H\.264/],
  [
    'hardware that the server does not take',
    { sendable: new Set(['VP8']), h264: hardware },
    'VP8',
    /cannot send/,
  ],
  ['H.264 only', { sendable: new Set(['H264']), h264: software }, 'H264', /nothing else/],
  ['nothing', { sendable: new Set(), h264: null }, undefined, /^$/],
];

describe('chooseCodec', () => {
  test.each(cases)('%s', (_name, facts, codec, reason) => {
    const choice = chooseCodec(facts);
    expect(choice?.codec).toBe(codec);
    expect(choice?.reason ?? '').toMatch(reason);
  });
});
