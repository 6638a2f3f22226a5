import type { Mask } from './stroke-font.ts';

/** BT.709, limited range: luma 16 to 235, chroma 16 to 240 around 128. */
export type YuvColor = { y: number; u: number; v: number };

/** Red, green and blue from 0 to 255 (ITU-R BT.709 section 3). */
export function yuvOf(red: number, green: number, blue: number): YuvColor {
  const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return {
    y: 16 + (luma * 219) / 255,
    u: 128 + (((blue - luma) / 1.8556) * 224) / 255,
    v: 128 + (((red - luma) / 1.5748) * 224) / 255,
  };
}

/** A picture as ffmpeg's yuv420p: the luma plane, then two chroma planes of half the size. */
export class YuvPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly #chromaStart: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#chromaStart = width * height;
    this.data = new Uint8Array((width * height * 3) / 2);
  }

  copyFrom(other: YuvPicture): void {
    this.data.set(other.data);
  }

  /** Sets every pixel. The fraction that rounding would lose is spread as a fine pattern: no bands. */
  paint(colorAt: (x: number, y: number) => YuvColor): void {
    for (let y = 0; y < this.height; y += 1) {
      for (let x = 0; x < this.width; x += 1) {
        const color = colorAt(x, y);
        // Storing a number in a Uint8Array drops its fraction.
        this.data[y * this.width + x] = color.y + ditherAt(x, y);
        if ((x | y) & 1) continue;
        this.#setChroma(x, y, color.u + ditherAt(x / 2, y / 2), color.v + ditherAt(y / 2, x / 2));
      }
    }
  }

  /** Even positions and sizes only. */
  fillRect(left: number, top: number, width: number, height: number, color: YuvColor): void {
    for (let y = top; y < top + height; y += 1) {
      this.data.fill(color.y, y * this.width + left, y * this.width + left + width);
      if (y & 1) continue;
      for (let x = left; x < left + width; x += 2) this.#setChroma(x, y, color.u, color.v);
    }
  }

  /** Takes a part back from another picture. Even positions and sizes only. */
  restore(from: YuvPicture, left: number, top: number, width: number, height: number): void {
    this.#copyPlane(from, 0, this.width, left, top, width, height);
    const half = this.width / 2;
    for (const start of [this.#chromaStart, (this.#chromaStart * 5) / 4]) {
      this.#copyPlane(from, start, half, left / 2, top / 2, width / 2, height / 2);
    }
  }

  /** Lays a colour over the picture where the mask covers it. Even positions only. */
  blend(mask: Mask, left: number, top: number, color: YuvColor, opacity = 1): void {
    const { data, width } = this;
    const share = opacity / 255;
    for (let row = 0; row < mask.height; row += 1) {
      for (let column = 0; column < mask.width; column += 1) {
        const alpha = (mask.alpha[row * mask.width + column] ?? 0) * share;
        if (alpha === 0) continue;
        const at = (top + row) * width + left + column;
        const luma = data[at] ?? 0;
        data[at] = luma + (color.y - luma) * alpha + 0.5;
        if (((row | column) & 1) === 0) this.#blendChroma(left + column, top + row, color, alpha);
      }
    }
  }

  #chromaIndex(x: number, y: number): number {
    return this.#chromaStart + (y >> 1) * (this.width >> 1) + (x >> 1);
  }

  #setChroma(x: number, y: number, u: number, v: number): void {
    const at = this.#chromaIndex(x, y);
    this.data[at] = u;
    this.data[at + (this.#chromaStart >> 2)] = v;
  }

  #blendChroma(x: number, y: number, color: YuvColor, alpha: number): void {
    const at = this.#chromaIndex(x, y);
    const u = this.data[at] ?? 128;
    const v = this.data[at + (this.#chromaStart >> 2)] ?? 128;
    this.#setChroma(x, y, u + (color.u - u) * alpha + 0.5, v + (color.v - v) * alpha + 0.5);
  }

  #copyPlane(
    from: YuvPicture,
    start: number,
    stride: number,
    left: number,
    top: number,
    width: number,
    height: number,
  ): void {
    for (let y = top; y < top + height; y += 1) {
      const at = start + y * stride + left;
      this.data.set(from.data.subarray(at, at + width), at);
    }
  }
}

/** A 4 by 4 Bayer pattern, 0 to 1. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];
const ditherAt = (x: number, y: number): number => ((BAYER[(y & 3) * 4 + (x & 3)] ?? 0) + 0.5) / 16;
