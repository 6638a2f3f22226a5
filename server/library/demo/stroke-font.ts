/** A small font of strokes, drawn by distance: smooth at every size, and no font file is needed. */

type Point = readonly [x: number, y: number];
type Stroke = readonly Point[];
type Glyph = { readonly width: number; readonly strokes: readonly Stroke[] };

/** How much of each pixel a shape covers, 0 to 255. Even sides, for 4:2:0. */
export type Mask = { width: number; height: number; alpha: Uint8Array };

/** Points on an ellipse, angles in degrees, clockwise from three o'clock. */
function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Stroke {
  const steps = Math.max(2, Math.ceil(Math.abs(to - from) / 5));
  return Array.from({ length: steps + 1 }, (_, index) => {
    const angle = ((from + ((to - from) * index) / steps) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });
}

const dot = (x: number, y: number): Stroke => [
  [x, y],
  [x + 0.001, y],
];

const GLYPH_WIDTH = 0.6;

/** The height of a digit is 1, y points down; 0.3 is the top of small letters. */
const GLYPHS: Readonly<Record<string, Glyph>> = {
  '0': { width: GLYPH_WIDTH, strokes: [arc(0.3, 0.5, 0.3, 0.5, 0, 360)] },
  '1': {
    width: GLYPH_WIDTH,
    strokes: [
      [
        [0.1, 0.2],
        [0.34, 0],
        [0.34, 1],
      ],
    ],
  },
  '2': {
    width: GLYPH_WIDTH,
    strokes: [
      [...arc(0.3, 0.29, 0.29, 0.29, -175, 30), [0.02, 1]],
      [
        [0.02, 1],
        [0.6, 1],
      ],
    ],
  },
  '3': {
    width: GLYPH_WIDTH,
    strokes: [arc(0.28, 0.25, 0.27, 0.25, -160, 90), arc(0.28, 0.74, 0.31, 0.26, -90, 160)],
  },
  '4': {
    width: GLYPH_WIDTH,
    strokes: [
      [
        [0.45, 1],
        [0.45, 0],
        [0, 0.7],
        [0.6, 0.7],
      ],
    ],
  },
  '5': {
    width: GLYPH_WIDTH,
    strokes: [[[0.54, 0], [0.1, 0], [0.06, 0.44], ...arc(0.28, 0.68, 0.31, 0.32, -125, 150)]],
  },
  '6': {
    width: GLYPH_WIDTH,
    strokes: [
      arc(0.3, 0.68, 0.3, 0.32, 0, 360),
      [
        [0.46, 0],
        [0.072, 0.47],
      ],
    ],
  },
  '7': {
    width: GLYPH_WIDTH,
    strokes: [
      [
        [0, 0],
        [0.6, 0],
        [0.2, 1],
      ],
    ],
  },
  '8': {
    width: GLYPH_WIDTH,
    strokes: [arc(0.3, 0.25, 0.25, 0.25, 0, 360), arc(0.3, 0.74, 0.3, 0.26, 0, 360)],
  },
  '9': {
    width: GLYPH_WIDTH,
    strokes: [
      arc(0.3, 0.32, 0.3, 0.32, 0, 360),
      [
        [0.528, 0.53],
        [0.14, 1],
      ],
    ],
  },
  ':': { width: 0.1, strokes: [dot(0.05, 0.32), dot(0.05, 0.8)] },
  '.': { width: 0.1, strokes: [dot(0.05, 0.98)] },
  ' ': { width: 0.3, strokes: [] },
  S: {
    width: 0.56,
    strokes: [
      [...arc(0.28, 0.26, 0.26, 0.26, -25, -270), ...arc(0.28, 0.75, 0.28, 0.25, -90, 155)],
    ],
  },
  a: {
    width: 0.5,
    strokes: [
      arc(0.24, 0.67, 0.24, 0.33, 0, 360),
      [
        [0.49, 0.34],
        [0.49, 1],
      ],
    ],
  },
  e: { width: 0.5, strokes: [[[0, 0.66], [0.5, 0.66], ...arc(0.25, 0.67, 0.25, 0.33, -5, -320)]] },
  f: {
    width: 0.34,
    strokes: [
      [...arc(0.32, 0.2, 0.18, 0.2, -80, -180), [0.14, 1]],
      [
        [0, 0.36],
        [0.32, 0.36],
      ],
    ],
  },
  m: {
    width: 0.76,
    strokes: [
      [
        [0, 0.34],
        [0, 1],
      ],
      [...arc(0.19, 0.53, 0.19, 0.19, -180, 0), [0.38, 1]],
      [...arc(0.57, 0.53, 0.19, 0.19, -180, 0), [0.76, 1]],
    ],
  },
  o: { width: 0.52, strokes: [arc(0.26, 0.67, 0.26, 0.33, 0, 360)] },
  r: {
    width: 0.28,
    strokes: [
      [
        [0, 0.34],
        [0, 1],
      ],
      arc(0.22, 0.6, 0.22, 0.24, -180, -70),
    ],
  },
  t: {
    width: 0.32,
    strokes: [
      [[0.12, 0.1], [0.12, 0.84], ...arc(0.27, 0.84, 0.15, 0.16, 180, 80)],
      [
        [0, 0.36],
        [0.3, 0.36],
      ],
    ],
  },
  u: {
    width: 0.48,
    strokes: [
      [[0, 0.34], [0, 0.76], ...arc(0.24, 0.76, 0.24, 0.24, 180, 0), [0.48, 0.34]],
      [
        [0.48, 0.34],
        [0.48, 1],
      ],
    ],
  },
};

export type TextStyle = {
  /** Pixels of a digit's height. */
  size: number;
  /** Half the width of a stroke, pixels. */
  weight: number;
  /** Between letters, as a share of the size. */
  spacing: number;
};

const even = (value: number): number => Math.ceil(value / 2) * 2;

/** Pixels around a glyph inside its mask, for the stroke's own width and its soft edge. */
const marginOf = ({ weight }: TextStyle): number => even(weight + 2);

/** Pixels from one letter to the next. Even, so that every mask lies on whole chroma samples. */
export function advanceOf(letter: string, { size, spacing }: TextStyle): number {
  return even(((GLYPHS[letter]?.width ?? 0) + spacing) * size);
}

export function textWidth(text: string, style: TextStyle): number {
  const advances = [...text].reduce((sum, letter) => sum + advanceOf(letter, style), 0);
  return advances - even(style.spacing * style.size);
}

/** Covers the glyph at the style's size; its origin lies `margin` from the mask's top left. */
export function glyphMask(letter: string, style: TextStyle): Mask & { margin: number } {
  const glyph = GLYPHS[letter] ?? { width: 0.3, strokes: [] };
  const margin = marginOf(style);
  const width = even(glyph.width * style.size) + 2 * margin;
  const height = even(style.size) + 2 * margin;
  const mask = { width, height, margin, alpha: new Uint8Array(width * height) };
  const place = ([x, y]: Point): Point => [x * style.size + margin, y * style.size + margin];
  for (const stroke of glyph.strokes) {
    for (let index = 1; index < stroke.length; index += 1) {
      const from = stroke[index - 1];
      const to = stroke[index];
      if (from && to) coverSegment(mask, place(from), place(to), style.weight);
    }
  }
  return mask;
}

/** Adds a line with round ends. Only the pixels around it are looked at. */
function coverSegment(mask: Mask, [ax, ay]: Point, [bx, by]: Point, weight: number): void {
  const reach = weight + 1;
  const left = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
  const right = Math.min(mask.width, Math.ceil(Math.max(ax, bx) + reach));
  const top = Math.max(0, Math.floor(Math.min(ay, by) - reach));
  const bottom = Math.min(mask.height, Math.ceil(Math.max(ay, by) + reach));
  const dx = bx - ax;
  const dy = by - ay;
  const lengthSquared = dx * dx + dy * dy || 1;
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) {
      const px = column + 0.5 - ax;
      const py = row + 0.5 - ay;
      const along = (px * dx + py * dy) / lengthSquared;
      const t = along < 0 ? 0 : along > 1 ? 1 : along;
      const distance = ((px - t * dx) ** 2 + (py - t * dy) ** 2) ** 0.5;
      // Half a pixel of ramp on each side of the edge.
      const covered = (weight - distance + 0.5) * 255;
      const at = row * mask.width + column;
      const before = mask.alpha[at] ?? 0;
      if (covered > before) mask.alpha[at] = covered > 255 ? 255 : covered;
    }
  }
}
