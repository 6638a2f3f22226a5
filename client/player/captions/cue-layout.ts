/** What of a VTTCue says where it stands (https://www.w3.org/TR/webvtt1/#webvtt-cue-settings). */
export type CueSettings = {
  line: number | 'auto';
  snapToLines: boolean;
  lineAlign: 'start' | 'center' | 'end';
  position: number | 'auto';
  positionAlign: 'line-left' | 'center' | 'line-right' | 'auto';
  size: number;
  align: 'start' | 'center' | 'end' | 'left' | 'right';
  vertical: '' | 'rl' | 'lr';
};

/** Percent of the picture. */
export type CuePlace = {
  /** Null for those that stack up from below, where most stand. */
  down: { from: 'top' | 'bottom'; percent: number } | null;
  left: number;
  width: number;
  textAlign: 'left' | 'center' | 'right' | 'start' | 'end';
};

/** A line of text, with its room. Percent of the height of a picture of the usual shape. */
const LINE_PERCENT = 6.5;

/** Where a cue stands. Vertical text stands as horizontal text does: it can be read, if not where it was meant. */
export function placeOf(cue: CueSettings): CuePlace {
  const { left, width } = across(cue);
  return { down: cue.vertical === '' ? down(cue) : null, left, width, textAlign: cue.align };
}

/** The computed position and size (sections 3.3 and 7.2, steps 3 to 7). */
function across({ position, positionAlign, size, align }: CueSettings): {
  left: number;
  width: number;
} {
  const anchor = positionAlign === 'auto' ? anchorOf(align) : positionAlign;
  const usual = { 'line-left': 0, center: 50, 'line-right': 100 }[anchor];
  const at = position === 'auto' ? usual : position;
  const room = { 'line-left': 100 - at, center: 2 * Math.min(at, 100 - at), 'line-right': at };
  const width = Math.min(size, room[anchor]);
  const left = { 'line-left': at, center: at - width / 2, 'line-right': at - width };
  return { left: left[anchor], width };
}

function anchorOf(align: CueSettings['align']): 'line-left' | 'center' | 'line-right' {
  if (align === 'left' || align === 'start') return 'line-left';
  return align === 'right' || align === 'end' ? 'line-right' : 'center';
}

function down({ line, snapToLines, lineAlign }: CueSettings): CuePlace['down'] {
  if (line === 'auto') return null;
  if (snapToLines && line < 0) return { from: 'bottom', percent: (-line - 1) * LINE_PERCENT };
  if (snapToLines) return { from: 'top', percent: line * LINE_PERCENT };
  // At the end of its own height.
  return lineAlign === 'end'
    ? { from: 'bottom', percent: 100 - line }
    : { from: 'top', percent: line };
}
