import { BLOCK_CODE, blockCodeCell } from './block-code.ts';
import { advanceOf, glyphMask, type Mask, type TextStyle, textWidth } from './stroke-font.ts';
import { type YuvColor, YuvPicture, yuvOf } from './yuv-picture.ts';

/** The demo clip: a minute exactly, so that it can show the second of the minute for ever. */
export const DEMO = { width: 1280, height: 720, framesPerSecond: 30, seconds: 60 } as const;
export const DEMO_FRAMES = DEMO.framesPerSecond * DEMO.seconds;

const CLOCK: TextStyle = { size: 190, weight: 9, spacing: 0.2 };
const NAME: TextStyle = { size: 44, weight: 2.6, spacing: 0.16 };
const SMALL: TextStyle = { size: 26, weight: 1.8, spacing: 0.22 };

const INK = yuvOf(244, 238, 228);
const DIM = yuvOf(146, 138, 156);
const GOLD = yuvOf(240, 186, 110);
const BLACK: YuvColor = { y: 16, u: 128, v: 128 };
const WHITE: YuvColor = { y: 235, u: 128, v: 128 };

const CLOCK_TOP = 196;
const TRACK = { left: 160, right: 1120, y: 480 } as const;
const ORB_RADIUS = 40;
/** Seconds for the way there and back; a minute holds it a whole number of times. */
const ORB_PERIOD = 4;

/** Draws each frame over the one before and changes only what has changed. */
export class DemoScene {
  readonly picture = new YuvPicture(DEMO.width, DEMO.height);
  readonly #background = new YuvPicture(DEMO.width, DEMO.height);
  readonly #orb = orbMask(ORB_RADIUS);
  readonly #clock: TextLine;
  readonly #counter: TextLine;
  #orbLeft: number | undefined;
  #codeValue: number | undefined;

  constructor() {
    paintSfumato(this.#background);
    drawText(this.#background, 'Sfumato', 72, 56, NAME, INK);
    const label = DEMO.width - 72 - textWidth('0000', SMALL);
    drawText(this.#background, 'frame', label - 20 - textWidth('frame', SMALL), 66, SMALL, DIM);
    drawTrack(this.#background);
    this.picture.copyFrom(this.#background);
    const clockLeft = even((DEMO.width - textWidth('00:00.00', CLOCK)) / 2);
    this.#clock = new TextLine(clockLeft, CLOCK_TOP, CLOCK, INK);
    this.#counter = new TextLine(even(label), 66, SMALL, INK);
    fillQuietZone(this.picture);
  }

  /** Frame `index` of the clip, as yuv420p in `picture`. */
  draw(index: number): void {
    this.#clock.draw(this.picture, this.#background, clockText(index));
    this.#counter.draw(this.picture, this.#background, String(index).padStart(4, '0'));
    this.#drawOrb(index);
    this.#drawCode(index);
  }

  #drawOrb(index: number): void {
    const side = ORB_RADIUS * 2;
    const top = TRACK.y - ORB_RADIUS;
    if (this.#orbLeft !== undefined) {
      this.picture.restore(this.#background, this.#orbLeft, top, side, side);
    }
    const phase = (index / DEMO.framesPerSecond / ORB_PERIOD) * 2 * Math.PI;
    const x = (TRACK.left + TRACK.right - (TRACK.right - TRACK.left) * Math.cos(phase)) / 2;
    this.#orbLeft = even(x - ORB_RADIUS);
    this.picture.blend(this.#orb, this.#orbLeft, top, GOLD);
  }

  #drawCode(index: number): void {
    const side = BLOCK_CODE.cell * DEMO.height;
    const { left, top } = codeOrigin();
    for (let row = 0; row < BLOCK_CODE.rows; row += 1) {
      for (let column = 0; column < BLOCK_CODE.columns; column += 1) {
        const white = blockCodeCell(index, row, column);
        if (
          this.#codeValue !== undefined &&
          blockCodeCell(this.#codeValue, row, column) === white
        ) {
          continue;
        }
        const color = white ? WHITE : BLACK;
        this.picture.fillRect(left + column * side, top + row * side, side, side, color);
      }
    }
    this.#codeValue = index;
  }
}

const even = (value: number): number => Math.round(value / 2) * 2;

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** `mm:ss.cc` of a frame. */
export function clockText(index: number): string {
  const hundredths = Math.floor((index * 100) / DEMO.framesPerSecond);
  return `${two(hundredths / 6000)}:${two((hundredths / 100) % 60)}.${two(hundredths % 100)}`;
}

/** A line of text whose letters are drawn again only when they change. */
class TextLine {
  readonly #left: number;
  readonly #top: number;
  readonly #style: TextStyle;
  readonly #color: YuvColor;
  readonly #masks = new Map<string, Mask & { margin: number }>();
  #shown = '';

  constructor(left: number, top: number, style: TextStyle, color: YuvColor) {
    this.#left = left;
    this.#top = top;
    this.#style = style;
    this.#color = color;
  }

  draw(picture: YuvPicture, background: YuvPicture, text: string): void {
    let left = this.#left;
    for (const [index, letter] of [...text].entries()) {
      if (this.#shown[index] !== letter) this.#replace(picture, background, letter, left);
      left += advanceOf(letter, this.#style);
    }
    this.#shown = text;
  }

  #replace(picture: YuvPicture, background: YuvPicture, letter: string, left: number): void {
    const mask = this.#masks.get(letter) ?? glyphMask(letter, this.#style);
    this.#masks.set(letter, mask);
    const x = left - mask.margin;
    const y = this.#top - mask.margin;
    picture.restore(background, x, y, mask.width, mask.height);
    picture.blend(mask, x, y, this.#color);
  }
}

function drawText(
  picture: YuvPicture,
  text: string,
  left: number,
  top: number,
  style: TextStyle,
  color: YuvColor,
): void {
  new TextLine(even(left), top, style, color).draw(picture, picture, text);
}

/** Soft lights that run into each other without edges, on a dark ground. */
function paintSfumato(picture: YuvPicture): void {
  const violet = glow(260, 140, 330);
  const rust = glow(1080, 300, 300);
  const teal = glow(640, 760, 360);
  picture.paint((x, y) => {
    const [a, b, c] = [violet(x, y), rust(x, y), teal(x, y)];
    return yuvOf(
      13 + 38 * a + 62 * b + 6 * c,
      11 + 20 * a + 30 * b + 38 * c,
      20 + 58 * a + 26 * b + 44 * c,
    );
  });
}

/** A round light, bright as a bell curve: the product of one for each axis, so two tables do. */
function glow(centerX: number, centerY: number, radius: number): (x: number, y: number) => number {
  const table = (length: number, center: number) =>
    Float64Array.from({ length }, (_, at) =>
      Math.exp(-((at - center) ** 2) / (2 * radius * radius)),
    );
  const across = table(DEMO.width, centerX);
  const down = table(DEMO.height, centerY);
  return (x, y) => (across[x] ?? 0) * (down[y] ?? 0);
}

/** The line that the orb runs along, with a mark at each end and in the middle. */
function drawTrack(picture: YuvPicture): void {
  picture.fillRect(TRACK.left, TRACK.y - 1, TRACK.right - TRACK.left, 2, DIM);
  for (const x of [TRACK.left, (TRACK.left + TRACK.right) / 2, TRACK.right]) {
    picture.fillRect(x - 2, TRACK.y - 10, 4, 20, DIM);
  }
}

/** A bright core in a soft glow. */
function orbMask(radius: number): Mask {
  const side = radius * 2;
  const alpha = new Uint8Array(side * side);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const distance = Math.hypot(x + 0.5 - radius, y + 0.5 - radius) / radius;
      const core = Math.min(1, Math.max(0, (0.5 - distance) * 12));
      const halo = Math.max(0, 1 - distance) ** 2 * 0.5;
      alpha[y * side + x] = Math.round(Math.max(core, halo) * 255);
    }
  }
  return { width: side, height: side, alpha };
}

function codeOrigin(): { left: number; top: number } {
  const side = BLOCK_CODE.cell * DEMO.height;
  return {
    left: BLOCK_CODE.centerX * DEMO.width - (BLOCK_CODE.columns / 2) * side,
    top: BLOCK_CODE.centerY * DEMO.height - (BLOCK_CODE.rows / 2) * side,
  };
}

function fillQuietZone(picture: YuvPicture): void {
  const side = BLOCK_CODE.cell * DEMO.height;
  const quiet = side * BLOCK_CODE.quietZone;
  const { left, top } = codeOrigin();
  const width = BLOCK_CODE.columns * side + 2 * quiet;
  picture.fillRect(left - quiet, top - quiet, width, BLOCK_CODE.rows * side + 2 * quiet, BLACK);
}
