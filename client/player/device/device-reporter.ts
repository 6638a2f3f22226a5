import type { ChannelInfo, DeviceReport } from '../../../signaling/contract/index.ts';
import { decodingOf } from './decoding-abilities.ts';
import { changeBetween, deviceReport } from './device-report.ts';
import { DeviceWatch } from './device-watch.ts';
import type { StreamFigures } from '../figures/statistics.ts';
import { type DecodingCount, strainOf, withCount } from './strain.ts';

/** Three reports a second at most, milliseconds between two. */
const INTERVAL_MS = 350;

/** Through what the server is told: a Viewer's connection, of a Channel or of something stored. */
export interface DeviceListener {
  readonly channel: Pick<ChannelInfo, 'layers'> | null;
  readonly videoType: string | null;
  describeDevice(read: () => DeviceReport | null): void;
  /** @returns whether there was a Viewer to tell it of */
  reportDevice(report: DeviceReport): boolean;
  on(event: 'changed', listener: () => void): () => void;
}

/** Tells the server what this device can make use of: with each join, and whenever it changes. */
export class DeviceReporter {
  readonly #session: DeviceListener;
  readonly #watch: DeviceWatch;
  #counts: readonly DecodingCount[] = [];
  #told: DeviceReport | null = null;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(video: HTMLVideoElement, session: DeviceListener) {
    this.#session = session;
    this.#watch = new DeviceWatch(video, () => this.look());
    session.describeDevice(() => this.#forJoin());
    // The Layers, the codec, or a Viewer that a report can be about.
    session.on('changed', () => this.look());
  }

  /** Takes in what the decoder did since the last look. */
  count(figures: StreamFigures): void {
    this.#counts = withCount(this.#counts, { ...figures, atMs: performance.now() });
    this.look();
  }

  /** Tells what has changed: at once where that is urgent, else within the interval. */
  look(): void {
    const report = this.#read();
    if (report === null) return;
    clearTimeout(this.#timer);
    const change = changeBetween(this.#told, report);
    if (change === 'none') return;
    const dueMs = this.#toldAtMs + INTERVAL_MS - performance.now();
    if (change === 'urgent' || dueMs <= 0) this.#tell(report);
    else this.#timer = setTimeout(() => this.look(), dueMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watch.close();
  }

  #tell(report: DeviceReport): void {
    // Where there is no Viewer yet, its join will tell.
    if (this.#session.reportDevice(report)) this.#note(report);
  }

  #forJoin(): DeviceReport | null {
    const report = this.#read();
    if (report !== null) this.#note(report);
    return report;
  }

  #note(report: DeviceReport): void {
    this.#told = report;
    this.#toldAtMs = performance.now();
  }

  #read(): DeviceReport | null {
    const { facts } = this.#watch;
    if (facts === null) return null;
    const { channel, videoType } = this.#session;
    const decoding = decodingOf(channel?.layers ?? [], videoType, () => this.look());
    return deviceReport({ ...facts, decoding, strain: strainOf(this.#counts) });
  }
}
