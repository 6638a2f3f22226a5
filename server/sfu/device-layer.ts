import type {
  DeviceReport,
  Layer,
  LayerReason,
  PreferredLayer,
} from '../../signaling/contract/index.ts';
import { type LayerLimit, NO_LIMIT } from './layer-choice.ts';

/** What one Viewer's device has shown so far. */
export interface DeviceMemory {
  report: DeviceReport | undefined;
  /** The lowest Layer with pixels enough, as decided last: the starting point against flapping. */
  sizeLayer: number | undefined;
  /** Times are milliseconds of a monotonic clock. */
  hiddenSinceMs: number | undefined;
  strugglingSinceMs: number | undefined;
  /** The Layer that was too much for the device, left alone until then. */
  tooMuch: { layer: number; untilMs: number; patienceMs: number } | undefined;
}

export interface DeviceSituation {
  /** The Layers on offer, lowest first; empty where they are not known yet. */
  layers: readonly Layer[];
  preferred: PreferredLayer;
  /** The Layer that is being sent; null while none is. */
  current: number | null;
  nowMs: number;
}

export interface DeviceDecision {
  limit: LayerLimit;
  memory: DeviceMemory;
  /** When to decide again, though nothing was reported. */
  reviewAtMs: number | undefined;
}

export const NOTHING_KNOWN: DeviceMemory = {
  report: undefined,
  sizeLayer: undefined,
  hiddenSinceMs: undefined,
  strugglingSinceMs: undefined,
  tooMuch: undefined,
};

/** Somebody who looks at another tab for a moment keeps the picture. */
export const HIDDEN_AFTER_MS = 3_000;

/** A Layer stays while the picture on the screen is at most this much larger than it. */
const ENLARGED_AT_MOST = 1.25;

/** This share of dropped pictures, or of the time between two spent on decoding one, is too much. */
const DROPPED_TOO_MANY = 0.15;
const DECODING_TOO_LONG = 0.9;
/** Too much for this long: the Layer goes. One dropped picture is none of it. */
const STRUGGLING_AFTER_MS = 2_500;
/** When it is tried again; twice as long after each time that it is too much again. */
const FIRST_PATIENCE_MS = 15_000;
const LONGEST_PATIENCE_MS = 300_000;

/** Takes a report in. Pure, as everything here: the clock comes in as `nowMs`. */
export function remember(memory: DeviceMemory, report: DeviceReport, nowMs: number): DeviceMemory {
  const seen = report.visible && report.width > 0 && report.height > 0;
  const struggling =
    report.droppedFraction > DROPPED_TOO_MANY || report.decodeLoad > DECODING_TOO_LONG;
  return {
    ...memory,
    report,
    hiddenSinceMs: seen ? undefined : (memory.hiddenSinceMs ?? nowMs),
    strugglingSinceMs: struggling ? (memory.strugglingSinceMs ?? nowMs) : undefined,
  };
}

/** The highest Layer worth sending to this device, whether picture and sound are of use, and why. */
export function decideLayer(before: DeviceMemory, situation: DeviceSituation): DeviceDecision {
  const memory = judge(before, situation);
  const { nowMs, layers, preferred } = situation;
  const sizeLayer = sufficientLayer(layers, memory);
  const limit = limitOf({ ...memory, sizeLayer }, layers, preferred, nowMs);
  return {
    limit,
    memory: { ...memory, sizeLayer },
    reviewAtMs: nextReview(memory, nowMs),
  };
}

/** A device that struggled long enough loses the Layer that it struggled with. */
function judge(memory: DeviceMemory, { current, nowMs }: DeviceSituation): DeviceMemory {
  const { strugglingSinceMs, tooMuch } = memory;
  if (strugglingSinceMs === undefined || nowMs - strugglingSinceMs < STRUGGLING_AFTER_MS) {
    return memory;
  }
  if (current === null || current === 0) return memory;
  const patienceMs = tooMuch === undefined ? FIRST_PATIENCE_MS : tooMuch.patienceMs * 2;
  const bounded = Math.min(LONGEST_PATIENCE_MS, patienceMs);
  return {
    ...memory,
    strugglingSinceMs: undefined,
    tooMuch: { layer: current, patienceMs: bounded, untilMs: nowMs + bounded },
  };
}

function limitOf(
  memory: DeviceMemory,
  layers: readonly Layer[],
  preferred: PreferredLayer,
  nowMs: number,
): LayerLimit {
  if (preferred === 'audioOnly') return { ...NO_LIMIT, picture: false, reason: 'audioOnly' };
  if (memory.hiddenSinceMs !== undefined && nowMs - memory.hiddenSinceMs >= HIDDEN_AFTER_MS) {
    const sound = memory.report?.audible ?? true;
    return { ...NO_LIMIT, picture: false, sound, reason: 'hidden' };
  }
  // Whoever chooses knows better.
  if (preferred !== 'auto') return { ...NO_LIMIT, layer: preferred, reason: 'chosen' };
  const limits = [
    atMost('dataSaver', savingLayer(memory.report, layers)),
    atMost('decoder', decodableLayer(memory.report)),
    atMost('slowDevice', bearableLayer(memory, nowMs)),
    atMost('size', memory.sizeLayer),
  ];
  const lowest = limits.reduce((least, one) => (one.layer < least.layer ? one : least));
  return lowest.layer < layers.length - 1 ? lowest : NO_LIMIT;
}

function atMost(reason: LayerReason, layer: number | undefined): LayerLimit {
  return { ...NO_LIMIT, reason, layer: layer ?? Number.POSITIVE_INFINITY };
}

/**
 * The lowest Layer that has pixels enough for the picture on the screen. Going up takes a picture that is
 * enlarged too much, going down one that is not enlarged at all: no flapping at the boundary.
 */
function sufficientLayer(
  layers: readonly Layer[],
  { report, sizeLayer }: DeviceMemory,
): number | undefined {
  const top = layers.at(-1);
  if (report === undefined || top === undefined || report.width === 0) return sizeLayer;
  const shown = Math.min(report.height, (report.width * top.height) / top.width);
  const enough = (height: number) => {
    const found = layers.findIndex((layer) => layer.height >= height);
    return found === -1 ? layers.length - 1 : found;
  };
  const least = enough(shown / ENLARGED_AT_MOST);
  const most = enough(shown);
  return Math.min(most, Math.max(least, sizeLayer ?? most));
}

/** The highest Layer that is decoded smoothly; where none is, the highest that is decoded at all. */
function decodableLayer(report: DeviceReport | undefined): number | undefined {
  const decoding = report?.decoding ?? [];
  if (decoding.length === 0) return undefined;
  const smoothest = decoding.findLastIndex(({ supported, smooth }) => supported && smooth);
  const supported = decoding.findLastIndex((layer) => layer.supported);
  return Math.max(0, smoothest === -1 ? supported : smoothest);
}

function bearableLayer({ tooMuch }: DeviceMemory, nowMs: number): number | undefined {
  return tooMuch !== undefined && nowMs < tooMuch.untilMs ? tooMuch.layer - 1 : undefined;
}

/** The lowest on a network that the browser calls very slow, the middle where data is to be saved. */
function savingLayer(
  report: DeviceReport | undefined,
  layers: readonly Layer[],
): number | undefined {
  if (report === undefined) return undefined;
  if (report.effectiveType === '2g' || report.effectiveType === 'slow-2g') return 0;
  return report.saveData ? Math.floor((layers.length - 1) / 2) : undefined;
}

function nextReview(memory: DeviceMemory, nowMs: number): number | undefined {
  const moments = [
    memory.hiddenSinceMs === undefined ? undefined : memory.hiddenSinceMs + HIDDEN_AFTER_MS,
    memory.strugglingSinceMs === undefined
      ? undefined
      : memory.strugglingSinceMs + STRUGGLING_AFTER_MS,
    memory.tooMuch?.untilMs,
  ];
  const coming = moments.filter((moment) => moment !== undefined && moment > nowMs);
  return coming.length === 0 ? undefined : Math.min(...coming.map(Number));
}
