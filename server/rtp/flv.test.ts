import { describe, expect, test } from '@jest/globals';
import { createFlvReader, type FlvVideo, flvConfig, flvFrame, flvHeader } from './flv.ts';

const unit = Buffer.from([0x65, 1, 2, 3]);
const record = Buffer.from([1, 0x42, 0xc0, 0x1f, 0xff, 0xe1]);

function read(pieces: readonly Buffer[]): FlvVideo[] {
  const seen: FlvVideo[] = [];
  const push = createFlvReader((video) => seen.push(video));
  for (const piece of pieces) push(piece);
  return seen;
}

describe('FLV', () => {
  const stream = Buffer.concat([
    flvHeader(),
    flvConfig(record, 0),
    flvFrame([unit, unit], true, 40),
    flvFrame([unit], false, 0x12345678),
  ]);
  const expected = [
    { type: 'config', record },
    {
      type: 'frame',
      isKeyFrame: true,
      timestampMs: 40,
      accessUnit: Buffer.concat([Buffer.of(0, 0, 0, 4), unit, Buffer.of(0, 0, 0, 4), unit]),
    },
    {
      type: 'frame',
      isKeyFrame: false,
      timestampMs: 0x12345678,
      accessUnit: Buffer.concat([Buffer.of(0, 0, 0, 4), unit]),
    },
  ];

  test('what is written is read back, timestamps above 24 bits too', () => {
    expect(read([stream])).toEqual(expected);
  });

  test('however it is cut into pieces', () => {
    const bytes = Array.from(stream, (byte) => Buffer.of(byte));
    expect(read(bytes)).toEqual(expected);
  });

  test('sound and scripts are passed over', () => {
    const script = Buffer.from([18, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 12]);
    expect(read([flvHeader(), script, flvFrame([unit], true, 1)])).toHaveLength(1);
  });
});
