import { describe, expect, test } from '@jest/globals';
import { readSamples } from './samples.ts';

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value | 0, index * 4);
  return bytes;
}
function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}
const tfdt = box('tfdt', u32(0, 25_600));
const moof = (tfhd: Buffer, trun: Buffer) =>
  box('moof', box('mfhd', u32(0, 1)), box('traf', box('tfhd', tfhd), tfdt, box('trun', trun)));

const DIFFERENCE = 0x10000;

describe('samples of a fragment', () => {
  test('by defaults, the first with flags of its own: a key frame', () => {
    const bytes = moof(u32(0x020038, 1, 512, 300, DIFFERENCE), u32(0x000005, 3, 132, 0));
    const rest = { duration: 512, size: 300 };
    expect(readSamples(bytes)).toEqual({
      time: 25_600,
      duration: 1536,
      samples: [
        { ...rest, time: 0, offset: 132, isKeyFrame: true },
        { ...rest, time: 512, offset: 432, isKeyFrame: false },
        { ...rest, time: 1024, offset: 732, isKeyFrame: false },
      ],
    });
  });

  test('each with its own duration, size and flags', () => {
    const trun = u32(0x000701, 2, 140, 960, 100, DIFFERENCE, 480, 80, 0);
    const { duration, samples } = readSamples(moof(u32(0x020000, 1), trun));
    expect(duration).toBe(1440);
    expect(samples).toEqual([
      { time: 0, duration: 960, offset: 140, size: 100, isKeyFrame: false },
      { time: 960, duration: 480, offset: 240, size: 80, isKeyFrame: true },
    ]);
  });

  test('fields that nothing is made of are passed over; pictures may be shown later than they are decoded', () => {
    const tfhd = u32(0x00003b, 1, 0, 99, 1, 512, 10, 0);
    const { samples } = readSamples(moof(tfhd, u32(0x000801, 2, 100, 512, -256)));
    expect(samples.map(({ time, size }) => [time, size])).toEqual([
      [512, 10],
      [256, 10],
    ]);
  });

  test('what is cut short is said', () => {
    expect(() => readSamples(moof(u32(0x020000, 1), u32(0x000201, 9, 140, 100)))).toThrow();
    expect(() => readSamples(box('moof', box('traf')))).toThrow('tfhd');
  });
});
