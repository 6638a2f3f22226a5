import type { ClockEvent, StoredSource, StoredSourceOptions } from '../stored/stored-source.ts';
import { networkOfBrowser } from '../device/network.ts';
import { abilitiesOf, savesData } from './way-abilities.ts';
import { WayBack } from './way-back.ts';
import {
  mayPass,
  type Way,
  type WayFacts,
  type WayFailure,
  type WayReason,
  waysToTry,
} from './way-choice.ts';
import { WayLoss } from './way-loss.ts';
import { kindOfBrowser, wayRecall } from './way-memory.ts';
import { failureOf, openWay, serverOf, warmUpWebRtc } from './way-opening.ts';
import { askForBattery, batteryIsLow } from './way-power.ts';
import type { WayTold } from './way-words.ts';

/** Media could flow all this while and no picture came. Milliseconds. */
const PICTURE_MS = 6_000;

/** These say that pictures flow. */
const PICTURE_EVENTS: ReadonlySet<ClockEvent> = new Set(['playing', 'seeked', 'timeupdate']);

/** Can it come over HLS in this browser? */
export function hlsCanBe(video: HTMLVideoElement): boolean {
  const { mediaSource, nativeHls } = abilitiesOf(video);
  return mediaSource || nativeHls;
}

/**
 * By which way something stored comes: WebRTC, which goes over UDP or else TCP by itself; then HLS by hls.js; then the
 * browser's own HLS. Remembers what failed, for this playback and for the network, and looks for a better way while HLS
 * plays. One for each playback.
 */
export class StoredWays {
  #opening = new AbortController();
  #source: StoredSource | null = null;
  #reason: WayReason | null = null;
  #met: { failure: WayFailure; network: string } | null = null;
  /** What cannot play it at all. */
  readonly #broken = new Set<Way>();

  constructor() {
    void askForBattery();
  }

  /** The way by which it comes; null while there is none. */
  get told(): WayTold | null {
    const source = this.#source;
    if (source === null) return null;
    const { via } = source;
    return via === 'webrtc'
      ? { via, reason: null, protocol: source.protocol ?? null }
      : { via, reason: this.#reason, protocol: null };
  }

  /**
   * Opens the best way that there is, in place of the one before.
   *
   * @returns null where `close()` or another `open()` came meanwhile
   * @throws when no way is left
   */
  async open(options: StoredSourceOptions): Promise<StoredSource | null> {
    this.close();
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    const { ways, reason } = waysToTry(this.#facts(options));
    this.#reason = reason;
    for (const way of ways.filter((each) => !this.#broken.has(each))) {
      const source = await this.#try(way, options, signal);
      if (signal.aborted) {
        source?.close();
        return null;
      }
      if (source !== null) return this.#take(source, options, signal);
    }
    throw new Error('there is no way by which this browser could play it');
  }

  /**
   * Makes ready what WebRTC needs of the server, where that is the way to be tried first.
   *
   * @returns what undoes it, if nothing was opened
   */
  async warmUp(about: Pick<StoredSourceOptions, 'video' | 'url' | 'asset'>): Promise<() => void> {
    const { ways } = waysToTry(this.#facts({ ...about, withoutWebrtc: false }));
    return ways[0] === 'webrtc' ? await warmUpWebRtc(about) : () => {};
  }

  /** Closes the source that `open()` gave, or is about to give. */
  close(): void {
    this.#opening.abort();
    this.#source?.close();
    this.#source = null;
  }

  #facts({
    video,
    asset,
    withoutWebrtc,
  }: Pick<StoredSourceOptions, 'video' | 'asset' | 'withoutWebrtc'>): WayFacts {
    return {
      able: abilitiesOf(video),
      kind: asset.kind === 'audio' ? 'audio' : 'video',
      keepsPitch: withoutWebrtc,
      savesData: savesData(),
      savesBattery: batteryIsLow(),
      met: this.#met?.network === kindOfBrowser() ? this.#met.failure : null,
      remembered: wayRecall.failedLately,
    };
  }

  /** @returns null where this way cannot be, which is known from now on */
  async #try(
    way: Way,
    options: StoredSourceOptions,
    signal: AbortSignal,
  ): Promise<StoredSource | null> {
    const trying = new AbortController();
    signal.addEventListener('abort', () => trying.abort());
    try {
      return await openWay(way, this.#watched(way, options, trying.signal), trying.signal);
    } catch (error) {
      trying.abort();
      if (signal.aborted) return null;
      console.info(`sfumato: ${way}`, error);
      if (way === 'webrtc') this.#meet(failureOf(error));
      else this.#broken.add(way);
      return null;
    }
  }

  #take(source: StoredSource, options: StoredSourceOptions, signal: AbortSignal): StoredSource {
    this.#source = source;
    if (source.via !== 'webrtc') this.#overHttp(options, signal);
    this.#obeySaver(options, signal);
    return source;
  }

  /** Where the person begins or ceases to save data while it plays. */
  #obeySaver(options: StoredSourceOptions, signal: AbortSignal): void {
    const saved = savesData();
    const changed = () => {
      if (savesData() !== saved) options.onAnotherWay?.();
    };
    networkOfBrowser()?.addEventListener('change', changed, { signal });
  }

  #overHttp(options: StoredSourceOptions, signal: AbortSignal): void {
    const { video } = options;
    const failure = this.#met?.failure;
    // Not before the server is known to be there: without one nothing gets through.
    const remember = () => failure !== undefined && wayRecall.remember(failure);
    video.addEventListener('loadeddata', remember, { once: true, signal });
    if (!mayPass(this.#reason)) return;
    const back = new WayBack({
      video,
      probe: async (limit) => {
        const { probeWebRtc } = await import('./way-probe.ts');
        await probeWebRtc(serverOf(options), limit);
      },
      onThrough: () => {
        this.#met = null;
        wayRecall.remember('through');
        this.#goOn(options);
      },
    });
    signal.addEventListener('abort', () => back.close());
  }

  /** What a source tells, heard here before it is told on; nothing more once it was let go of. */
  #watched(way: Way, options: StoredSourceOptions, signal: AbortSignal): StoredSourceOptions {
    if (way === 'webrtc') return this.#watchedWebRtc(options, signal);
    return {
      ...options,
      onBroken: (reason) => {
        if (signal.aborted) return;
        this.#broken.add(way);
        if (this.#hasWay(options)) this.#goOn(options);
        else options.onBroken(reason);
      },
    };
  }

  #watchedWebRtc(options: StoredSourceOptions, signal: AbortSignal): StoredSourceOptions {
    const give = (failure: WayFailure) => {
      if (!signal.aborted) this.#giveUp(failure, options);
    };
    const loss = new WayLoss(options.url, () => give('brokeOff'));
    const noPicture = setTimeout(() => {
      // Where the browser wants a gesture first, none can come; and none is presented to nobody.
      if (!options.video.paused && !document.hidden) give('noPicture');
    }, PICTURE_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(noPicture);
      loss.close();
    });
    let flows = false;
    return {
      ...options,
      onLost: (lost) => {
        loss.lost(lost);
        options.onLost(lost);
      },
      onBroken: () => give('brokeOff'),
      onClock: (event) => {
        if (!flows && PICTURE_EVENTS.has(event)) {
          flows = true;
          clearTimeout(noPicture);
          wayRecall.remember('through');
        }
        options.onClock?.(event);
      },
    };
  }

  #giveUp(failure: WayFailure, options: StoredSourceOptions): void {
    console.info(`sfumato: webrtc ${failure}`);
    if (!hlsCanBe(options.video)) return;
    this.#meet(failure);
    this.#goOn(options);
  }

  #meet(failure: WayFailure): void {
    this.#met = { failure, network: kindOfBrowser() };
    this.#reason = failure;
  }

  #hasWay(options: StoredSourceOptions): boolean {
    return waysToTry(this.#facts(options)).ways.some((way) => !this.#broken.has(way));
  }

  #goOn(options: StoredSourceOptions): void {
    options.onAnotherWay?.();
  }
}
