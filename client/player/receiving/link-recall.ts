import { loadLinkMemory, rememberLink, startBitrate, storeLinkMemory } from './link-memory.ts';
import { networkKind, networkOfBrowser, readNetwork } from '../device/network.ts';

/** By then the estimator has found what the link carries. */
const SETTLED_MS = 5_000;
/** Between two writes. */
const INTERVAL_MS = 5_000;

/** Keeps what this browser's link carries for its next visit. */
export class LinkRecall {
  #begunAtMs = performance.now();
  #storedAtMs = Number.NEGATIVE_INFINITY;

  /** Bits a second; undefined where nothing is known of a network of this kind. */
  startBitrate(): number | undefined {
    return startBitrate(loadLinkMemory(), kindOfBrowser(), Date.now());
  }

  /** Another stream: the estimate has to settle first. */
  begin(): void {
    this.#begunAtMs = performance.now();
  }

  /** @param flowing is a picture being sent? Without one the estimate is an old one */
  heard(bitrate: number, flowing: boolean): void {
    const nowMs = performance.now();
    const settled = nowMs - this.#begunAtMs >= SETTLED_MS;
    if (!flowing || !settled || nowMs - this.#storedAtMs < INTERVAL_MS) return;
    this.#storedAtMs = nowMs;
    const estimate = { kind: kindOfBrowser(), bitrate, nowMs: Date.now() };
    storeLinkMemory(rememberLink(loadLinkMemory(), estimate));
  }
}

function kindOfBrowser(): string {
  return networkKind(readNetwork(networkOfBrowser()));
}
