/**
 * A number in the picture that a machine can read from any Layer: black and white cells, large
 * enough to survive 320x180 at a low bitrate.
 *
 * 14 columns, 2 rows. The outer columns are references (white over black on the left, black over
 * white on the right) and say what black and white have become; the 24 cells between hold 16 bits of
 * number and 8 bits of CRC, high bit first, row after row.
 */
export const BLOCK_CODE = {
  columns: 14,
  rows: 2,
  /** A cell's side as a share of the picture's height: 40 px of 720, 10 of 180. */
  cell: 40 / 720,
  /** Middle of the code as shares of width and height. */
  centerX: 0.5,
  centerY: 620 / 720,
  /** Black around the code, in cells. */
  quietZone: 0.5,
} as const;

/** Is this cell white? `row` and `column` from the top left. */
export function blockCodeCell(value: number, row: number, column: number): boolean {
  if (column === 0) return row === 0;
  if (column === BLOCK_CODE.columns - 1) return row === 1;
  const bits = ((value & 0xffff) << 8) | crc8(value & 0xffff);
  const index = row * (BLOCK_CODE.columns - 2) + column - 1;
  return ((bits >> (23 - index)) & 1) === 1;
}

/** CRC-8 (polynomial 0x07) of two bytes. It begins at 0xFF, so that an all-black field is no number. */
export function crc8(value: number): number {
  let crc = 0xff;
  for (const byte of [value >> 8, value & 0xff]) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}

/**
 * Reads the number from a picture of any size that shows the whole frame; null where it cannot be
 * read for certain. Needs nothing from outside itself: tests hand it to a browser as text.
 *
 * @param rgba four bytes a pixel, as from CanvasRenderingContext2D.getImageData.
 */
export function readBlockCode(
  rgba: ArrayLike<number>,
  width: number,
  height: number,
): number | null {
  const columns = 14;
  const cell = (40 / 720) * height;
  const left = 0.5 * width - (columns / 2) * cell;
  const top = (620 / 720) * height - cell;

  /** The mean green of the cell's middle half: green is most of the luma, and edges are blurred. */
  function brightness(row: number, column: number): number {
    const x0 = Math.round(left + (column + 0.25) * cell);
    const y0 = Math.round(top + (row + 0.25) * cell);
    const side = Math.max(1, Math.round(cell / 2));
    let sum = 0;
    for (let y = y0; y < y0 + side; y += 1) {
      for (let x = x0; x < x0 + side; x += 1) sum += rgba[(y * width + x) * 4 + 1] ?? 0;
    }
    return sum / (side * side);
  }

  const white = (brightness(0, 0) + brightness(1, columns - 1)) / 2;
  const black = (brightness(1, 0) + brightness(0, columns - 1)) / 2;
  if (white - black < 60) return null;

  let bits = 0;
  for (let row = 0; row < 2; row += 1) {
    for (let column = 1; column < columns - 1; column += 1) {
      bits = bits * 2 + (brightness(row, column) > (white + black) / 2 ? 1 : 0);
    }
  }
  const value = bits >> 8;
  let crc = 0xff;
  for (const byte of [value >> 8, value & 0xff]) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc === (bits & 0xff) ? value : null;
}
