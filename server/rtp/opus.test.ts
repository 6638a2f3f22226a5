import { expect, test } from '@jest/globals';
import { opusPacketSamples } from './opus.ts';

/** Configuration, stereo flag and frame count code (RFC 6716 section 3.1). */
const toc = (config: number, code: number): number => (config << 3) | 4 | code;

test.each([
  ['CELT 20 ms', [toc(31, 0)], 960],
  ['CELT 2.5 ms', [toc(28, 0)], 120],
  ['hybrid 10 ms', [toc(12, 0)], 480],
  ['hybrid 20 ms', [toc(15, 0)], 960],
  ['SILK 60 ms', [toc(3, 0)], 2880],
  ['two frames', [toc(31, 1)], 1920],
  ['three frames, counted', [toc(30, 3), 3], 1440],
  ['nothing', [], 0],
])('%s', (_name, bytes, samples) => {
  expect(opusPacketSamples(Uint8Array.from(bytes))).toBe(samples);
});
