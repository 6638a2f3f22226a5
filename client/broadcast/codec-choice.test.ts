import { describe, expect, test } from '@jest/globals';
import { chooseCodec, type CodecFacts } from './codec-choice.ts';

const hardware = { supported: true, smooth: true, powerEfficient: true };
const software = { supported: true, smooth: true, powerEfficient: false };
const none = { supported: false, smooth: false, powerEfficient: false };
const all = new Set(['H264', 'VP8', 'VP9'] as const);
const both = new Set(['H264', 'VP8'] as const);
const vp8Only = new Set(['VP8'] as const);
const auto = { vp9: null, wish: 'auto', isScreen: false } as const;
const chosen = { h264: software, wish: 'VP9', isScreen: false } as const;

const cases: [string, CodecFacts, string | undefined, RegExp][] = [
  ['hardware', { ...auto, sendable: both, h264: hardware }, 'H264', /hardware encoder/],
  ['software only', { ...auto, sendable: both, h264: software }, 'VP8', /no hardware encoder/],
  ['unknown', { ...auto, sendable: both, h264: null }, 'VP8', /does not say/],
  ['no H.264', { ...auto, sendable: vp8Only, h264: null }, 'VP8', /cannot send H\.264/],
  [
    'hardware that the server does not take',
    { ...auto, sendable: vp8Only, h264: hardware },
    'VP8',
    /cannot send/,
  ],
  ['H.264 only', { ...auto, sendable: new Set(['H264']), h264: software }, 'H264', /nothing else/],
  ['nothing', { ...auto, sendable: new Set(), h264: null }, undefined, /^$/],
  [
    'VP9 in software is not taken unasked',
    { ...auto, sendable: all, h264: software, vp9: software },
    'VP8',
    /no hardware encoder/,
  ],
  [
    'nor instead of H.264 in hardware',
    { ...auto, sendable: all, h264: hardware, vp9: software },
    'H264',
    /hardware encoder/,
  ],
  [
    'VP9 in hardware, with Layers',
    { ...auto, sendable: all, h264: hardware, vp9: hardware },
    'VP9',
    /hardware encoder for it, with layers/,
  ],
  [
    'a VP9 encoder that does not keep up',
    { ...auto, sendable: all, h264: software, vp9: { ...hardware, smooth: false } },
    'VP8',
    /no hardware encoder/,
  ],
  [
    'VP9 in hardware, but not in Layers here',
    { ...auto, sendable: both, h264: hardware, vp9: hardware },
    'H264',
    /hardware encoder/,
  ],
  ['chosen', { ...chosen, sendable: all, vp9: software }, 'VP9', /as you chose/],
  [
    'chosen, but a screen is sent',
    { ...chosen, sendable: all, vp9: software, isScreen: true },
    'VP8',
    /VP9 in layers is for cameras/,
  ],
  [
    'a screen, and VP9 in hardware',
    { ...auto, sendable: all, h264: hardware, vp9: hardware, isScreen: true },
    'H264',
    /hardware encoder for it$/,
  ],
  [
    'chosen, but not supported',
    { ...chosen, sendable: all, vp9: none },
    'VP8',
    /no hardware encoder .*; VP9 in layers cannot be sent/,
  ],
  [
    'chosen, but the browser says nothing',
    { ...chosen, sendable: all, vp9: null },
    'VP8',
    /VP9 in layers cannot be sent/,
  ],
  [
    'chosen, but the browser makes no Layers',
    { ...chosen, sendable: both, vp9: software },
    'VP8',
    /VP9 in layers cannot be sent/,
  ],
];

describe('chooseCodec', () => {
  test.each(cases)('%s', (_name, facts, codec, reason) => {
    const choice = chooseCodec(facts);
    expect(choice?.codec).toBe(codec);
    expect(choice?.reason ?? '').toMatch(reason);
  });
});
