import type { DeviceReport } from '../../../signaling/contract/index.ts';
import type { Network } from './network.ts';

/** A width and a height, CSS pixels. */
export type Box = { width: number; height: number };

export type DeviceFacts = {
  /** The media element's own. */
  element: Box;
  /** The picture-in-picture window's, while there is one. */
  pictureInPicture: Box | null;
  pixelRatio: number;
  pageShown: boolean;
  inViewport: boolean;
  audible: boolean;
  decoding: DeviceReport['decoding'];
  strain: Pick<DeviceReport, 'droppedFraction' | 'decodeLoad'>;
  network: Network;
};

/** What noise does not change: strain is told in these steps. */
const DROPPED_STEP = 0.05;
const LOAD_STEP = 0.25;
/** The contract's bounds. */
const MOST_PIXELS = 65_536;
const MOST_LOAD = 100;

/** What the server is told of this device. Pure. */
export function deviceReport(facts: DeviceFacts): DeviceReport {
  const { pictureInPicture, pixelRatio, network, strain } = facts;
  const box = pictureInPicture ?? facts.element;
  const { effectiveType } = network;
  return {
    width: devicePixels(box.width, pixelRatio),
    height: devicePixels(box.height, pixelRatio),
    // A picture-in-picture window is on the screen whatever becomes of its page.
    visible: pictureInPicture !== null || (facts.pageShown && facts.inViewport),
    audible: facts.audible,
    decoding: facts.decoding,
    droppedFraction: inSteps(Math.min(1, strain.droppedFraction), DROPPED_STEP),
    decodeLoad: inSteps(Math.min(MOST_LOAD, strain.decodeLoad), LOAD_STEP),
    saveData: network.saveData,
    ...(effectiveType === undefined ? {} : { effectiveType }),
  };
}

/** Nothing changed, a change that can wait for its turn, or one that cannot. */
export type Change = 'none' | 'some' | 'urgent';

/** Whether the picture is seen is urgent: a hidden page's timers run late, and a shown one has nothing to show. */
export function changeBetween(before: DeviceReport | null, after: DeviceReport): Change {
  if (before === null) return 'some';
  if (before.visible !== after.visible) return 'urgent';
  // To those who hear nothing and see nothing, nothing is sent.
  if (!after.visible && before.audible !== after.audible) return 'urgent';
  return JSON.stringify(before) === JSON.stringify(after) ? 'none' : 'some';
}

function devicePixels(cssPixels: number, ratio: number): number {
  return Math.min(MOST_PIXELS, Math.max(0, Math.round(cssPixels * ratio)));
}

function inSteps(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toFixed(2));
}
