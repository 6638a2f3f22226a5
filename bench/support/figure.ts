import { median, type Summary, summarize } from './statistics.ts';

/** One line of the report. */
export type Figure = {
  name: string;
  unit: string;
  ours: Summary;
  /** The same measured without our server, in the same run. */
  floor: Summary | undefined;
  /** Ours by the floor: of the medians. */
  ratio: number | undefined;
  target: Target | undefined;
  /** Undefined where there is no target. */
  met: boolean | undefined;
};

/** What a figure must not exceed: so many times its floor, plus something, in its unit. */
export type Target = { times?: number; plus?: number; says: string };

export type FigureInput = {
  name: string;
  unit: string;
  ours: readonly number[];
  floor?: readonly number[];
  target?: Target;
};

export function figure({ name, unit, ours, floor, target }: FigureInput): Figure {
  const floorSummary = floor === undefined ? undefined : summarize(floor);
  const value = median(ours);
  return {
    name,
    unit,
    ours: summarize(ours),
    floor: floorSummary,
    ratio: floorSummary === undefined ? undefined : value / floorSummary.median,
    target,
    met: target === undefined ? undefined : value <= limit(target, floorSummary?.median ?? 0),
  };
}

function limit({ times = 0, plus = 0 }: Target, floor: number): number {
  // A floor that was never reached is infinite, and none of it nothing.
  return (times === 0 ? 0 : times * floor) + plus;
}

const HEADINGS = ['', 'unit', 'ours (min-max)', 'floor (min-max)', 'ratio', 'target', ''];

/** A table for people, columns padded. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(cells)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(HEADINGS), rule, ...rows.slice(1).map(line)].join('\n');
}

function cells({ name, unit, ours, floor, ratio, target, met }: Figure): string[] {
  return [
    name,
    unit,
    spread(ours),
    floor === undefined ? '' : spread(floor),
    ratio === undefined ? '' : ratio.toFixed(2),
    target?.says ?? '',
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

function spread({ median: middle, min, max, count }: Summary): string {
  if (count === 1) return digits(middle);
  return `${digits(middle)} (${digits(min)}-${digits(max)})`;
}

/** Three digits that matter. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toPrecision(3);
}
