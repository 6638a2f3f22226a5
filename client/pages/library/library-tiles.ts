/** One small picture of a preview strip: a place on a sheet, and when it is shown. */
export type Tile = {
  /** Seconds. */
  start: number;
  end: number;
  sheet: string;
  x: number;
  y: number;
  width: number;
  height: number;
};

const CUE = /^(?:(\d+):)?(\d\d):(\d\d\.\d{3})[ \t]+-->[ \t]+(?:(\d+):)?(\d\d):(\d\d\.\d{3})/;
/** Media Fragments URI 1.0 section 4.2.2. */
const PLACE = /^([^#\s/]+)#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)$/;

/** Of WebVTT whose cues name places on sheets; what says anything else is left out. */
export function tilesOfVtt(text: string): Tile[] {
  return text.split(/\r?\n\r?\n/).flatMap((block) => tileOf(block.split(/\r?\n/)));
}

function tileOf(lines: readonly string[]): Tile[] {
  const at = lines.findIndex((line) => CUE.test(line));
  const cue = CUE.exec(lines[at] ?? '');
  const place = PLACE.exec(lines[at + 1]?.trim() ?? '');
  if (cue === null || place === null) return [];
  const [x = 0, y = 0, width = 0, height = 0] = place.slice(2).map(Number);
  if (width === 0 || height === 0) return [];
  const [start, end] = [seconds(cue.slice(1, 4)), seconds(cue.slice(4, 7))];
  return [{ start, end, sheet: place[1] ?? '', x, y, width, height }];
}

function seconds(parts: readonly (string | undefined)[]): number {
  const [hours, minutes, rest] = parts;
  return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** At most so many, spread over the whole. */
export function someOf<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from(
    { length: most },
    (_, index) => all[Math.floor((index * all.length) / most)],
  ).filter((one) => one !== undefined);
}
