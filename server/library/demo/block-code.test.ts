import { describe, expect, test } from '@jest/globals';
import { BLOCK_CODE, blockCodeCell, readBlockCode } from './block-code.ts';

type Picture = { rgba: Uint8ClampedArray; width: number; height: number };

/** A grey picture with the code in it, black and white as given. */
function pictureOf(value: number, width: number, height: number, black = 0, white = 255): Picture {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(90);
  const cell = BLOCK_CODE.cell * height;
  const left = BLOCK_CODE.centerX * width - (BLOCK_CODE.columns / 2) * cell;
  const top = BLOCK_CODE.centerY * height - (BLOCK_CODE.rows / 2) * cell;
  const inside = (at: number, count: number) => at >= 0 && at < count;
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor((y + 0.5 - top) / cell);
    if (!inside(row, BLOCK_CODE.rows)) continue;
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor((x + 0.5 - left) / cell);
      if (!inside(column, BLOCK_CODE.columns)) continue;
      const level = blockCodeCell(value, row, column) ? white : black;
      rgba.fill(level, (y * width + x) * 4, (y * width + x) * 4 + 4);
    }
  }
  return { rgba, width, height };
}

const read = ({ rgba, width, height }: Picture) => readBlockCode(rgba, width, height);

describe('readBlockCode', () => {
  test('reads every number back', () => {
    for (let value = 0; value < 65_536; value += 499)
      expect(read(pictureOf(value, 160, 90))).toBe(value);
    expect(read(pictureOf(65_535, 160, 90))).toBe(65_535);
  });

  test.each([
    [1280, 720],
    [640, 360],
    [320, 180],
    [1920, 1080],
    [427, 240],
    [853, 480],
  ])('at %i x %i', (width, height) => {
    expect(read(pictureOf(1234, width, height))).toBe(1234);
  });

  test('with little contrast', () => {
    expect(read(pictureOf(777, 320, 180, 60, 150))).toBe(777);
  });

  test('a picture without a code has no number', () => {
    const flat = (level: number) => new Uint8ClampedArray(320 * 180 * 4).fill(level);
    expect(readBlockCode(flat(0), 320, 180)).toBeNull();
    expect(readBlockCode(flat(255), 320, 180)).toBeNull();
  });

  test('one wrong cell is noticed', () => {
    const { rgba, width, height } = pictureOf(1000, 1280, 720);
    for (let y = 585; y < 615; y += 1) {
      for (let x = 405; x < 435; x += 1) {
        const at = (y * width + x) * 4;
        rgba.fill(255 - (rgba[at] ?? 0), at, at + 4);
      }
    }
    expect(readBlockCode(rgba, width, height)).toBeNull();
  });

  test('needs nothing from outside itself', () => {
    const { rgba, width, height } = pictureOf(42, 320, 180);
    // oxlint-disable-next-line typescript/no-implied-eval -- as a page gets it: by its text alone
    const alone = new Function(`return (${readBlockCode.toString()})`)();
    expect(alone(rgba, width, height)).toBe(42);
  });
});
