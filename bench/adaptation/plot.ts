import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { CutOutcome } from './cuts.ts';

const FILE = resolve(import.meta.dirname, '../../docs/images/cut.svg');

const WIDTH = 900;
const HEIGHT = 320;
const MARGIN = { left: 70, right: 20, top: 20, bottom: 45 };
const SECONDS_BEFORE = 2;

/** Draws the cut whose lower Layer came neither early nor late. */
export async function writePlot(outcomes: readonly CutOutcome[]): Promise<void> {
  const sorted = outcomes
    .filter(({ lowerAfterMs, topAfterMs }) => lowerAfterMs !== null && topAfterMs !== null)
    .toSorted((a, b) => (a.lowerAfterMs ?? 0) - (b.lowerAfterMs ?? 0));
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) return;
  await mkdir(dirname(FILE), { recursive: true });
  await writeFile(FILE, plotCut(middle));
}

/** A picture of one cut and its recovery: what was on the screen over time, as SVG. */
function plotCut({ cutMs, wideMs, frames }: CutOutcome): string {
  const endMs = (frames.at(-1)?.atMs ?? wideMs) + 500;
  const heights = [...new Set(frames.map(({ height }) => height))].toSorted((a, b) => a - b);
  const x = scale([cutMs - SECONDS_BEFORE * 1000, endMs], [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scale([0, Math.max(...heights)], [HEIGHT - MARGIN.bottom, MARGIN.top + 20]);
  const axis = HEIGHT - MARGIN.bottom;
  const parts = [
    band(x(cutMs), x(wideMs), axis),
    ...heights.map((height) => row(y(height), `${height}p`)),
    ...seconds(cutMs, endMs).map((second) => tick(x(cutMs + second * 1000), axis, `${second} s`)),
    ...frames.map(({ atMs, height }) => dot(x(atMs), y(height))),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    '<title>Every picture that was presented, by its height: the link falls from 4 to 0.8 Mbit/s and comes back</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

type Scale = (value: number) => number;

function scale([from, to]: [number, number], [low, high]: [number, number]): Scale {
  return (value) => Math.round((low + ((value - from) / (to - from)) * (high - low)) * 10) / 10;
}

function seconds(cutMs: number, endMs: number): number[] {
  return Array.from(
    { length: Math.floor((endMs - cutMs) / 1000) + SECONDS_BEFORE + 1 },
    (_, index) => index - SECONDS_BEFORE,
  );
}

function band(from: number, to: number, axis: number): string {
  const words = `<text x="${from + 8}" y="${MARGIN.top + 4}" fill="#924">the link carries 0.8 Mbit/s</text>`;
  return `<rect x="${from}" y="${MARGIN.top - 12}" width="${to - from}" height="${axis - MARGIN.top + 12}" fill="#fde8e8"/>${words}`;
}

function row(y: number, label: string): string {
  return `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y}" y2="${y}" stroke="#ddd"/><text x="${MARGIN.left - 10}" y="${y + 4}" text-anchor="end">${label}</text>`;
}

function tick(x: number, axis: number, label: string): string {
  return `<line x1="${x}" x2="${x}" y1="${axis}" y2="${axis + 5}" stroke="#888"/><text x="${x}" y="${axis + 20}" text-anchor="middle">${label}</text>`;
}

function dot(x: number, y: number): string {
  return `<circle cx="${x}" cy="${y}" r="2" fill="#1a56a8"/>`;
}
