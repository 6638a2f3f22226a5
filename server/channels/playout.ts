import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Layer } from '../../signaling/contract/index.ts';
import { type Rational, toNumber } from '../ffmpeg/rational.ts';
import type { Pump } from '../rtp/pump.ts';
import type { PumpPool } from '../rtp/pump-pool.ts';
import type { Broadcast } from '../sfu/broadcast.ts';
import { ABS_CAPTURE_TIME_ID, RTP_PAYLOAD_TYPES, type RtpSource } from '../sfu/rtp-publishing.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { Channel } from './channel.ts';

/** A file that has been prepared: its Renditions on disk, lowest first, and its sound. */
export interface PlayableFile {
  rungs: readonly {
    /** Absolute path. */
    file: string;
    /** Pixels. */
    width: number;
    height: number;
    /** Bits a second. */
    bitrate: number;
  }[];
  /** The same for every rung. */
  framesPerSecond?: Rational | undefined;
  audio?: { file: string } | undefined;
}

export interface PlayoutOptions {
  channel: Channel;
  file: PlayableFile;
  sfu: Sfu;
  pumps: PumpPool;
  /** Begin where the wall clock is in the file's period, so that a clock in the picture is right. */
  alignToWallClock?: boolean;
  /** Begin that far into the file, seconds. */
  beginAt?: number | undefined;
  /** One round and no more; else it goes round and round. */
  once?: boolean | undefined;
  /** The last frame of the last round was sent. Viewers keep that picture until something else is on air. */
  onEnded?: () => void;
  /** The file cannot be read any more: called instead of trying until it can. */
  onFailed?: (error: Error) => void;
  /** May it go on air now? Asked at the last moment. */
  mayBegin?: () => boolean;
  log: Logger;
}

/** Between two tries to get back on air, milliseconds: each one waits longer. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

interface Opened {
  pump: Pump;
  broadcast: Broadcast;
  target: { ip: string; port: number };
}

/** A Publisher of kind `playout`: a prepared file that is pumped into a Channel, once or over and over. */
export class Playout {
  readonly #options: PlayoutOptions;
  readonly #tracks: Tracks;
  readonly #closing = new AbortController();
  #pump: Pump | undefined;
  #broadcast: Broadcast | undefined;
  #opened: Opened | undefined;
  #begun = false;
  #recovering = false;

  private constructor(options: PlayoutOptions) {
    this.#options = options;
    this.#tracks = tracksOf(options.file);
  }

  /** Resolved when the Channel is on air. @throws {Error} when the file cannot be read */
  static async start(options: PlayoutOptions): Promise<Playout> {
    const playout = await Playout.open(options);
    await playout.begin();
    return playout;
  }

  /** Everything is there that can be before it begins. @throws {Error} when the file cannot be read */
  static async open(options: PlayoutOptions): Promise<Playout> {
    const playout = new Playout(options);
    try {
      await playout.#open();
      return playout;
    } catch (error) {
      playout.close();
      throw error;
    }
  }

  /** Resolved when the Channel is on air. @throws {Error} when it is closed, and cannot go on air */
  async begin(): Promise<void> {
    this.#begun = true;
    try {
      await this.#goOnAir();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The round that is on air is the last one. */
  finishRound(): void {
    this.#pump?.finishRound();
  }

  /** Ends the broadcast and the Pump. Idempotent. */
  close(): void {
    this.#closing.abort();
    this.#goOffAir();
    this.#pump?.close();
    this.#pump = undefined;
  }

  async #goOnAir(): Promise<void> {
    const { channel, file, mayBegin = () => true } = this.#options;
    const { pump, broadcast, target } = this.#opened ?? (await this.#open());
    this.#opened = undefined;
    if (this.#closing.signal.aborted) return;
    await pump.start(target);
    if (broadcast.closed) throw new Error('the broadcast was lost before it began');
    if (!mayBegin()) throw new Error('somebody else is on air');
    channel.goOnAir({ kind: 'playout', broadcast, layers: layersOf(file) });
  }

  async #open(): Promise<Opened> {
    const pump = (this.#pump ??= await this.#openPump());
    const source = {
      address: { ip: pump.localAddress, port: pump.localPort },
      ...this.#tracks,
    };
    // What was opened while `close()` ran is closed by a second one.
    if (this.#closing.signal.aborted) this.close();
    const { broadcast, target } = await this.#options.sfu.publishRtp(source, () => this.#onLost());
    this.#broadcast = broadcast;
    if (this.#closing.signal.aborted) this.close();
    this.#opened = { pump, broadcast, target };
    return this.#opened;
  }

  #onLost(): void {
    this.#opened = undefined;
    if (this.#begun) this.#comeBack('worker died');
  }

  #goOffAir(): void {
    if (this.#broadcast === undefined) return;
    this.#options.channel.goOffAir(this.#broadcast);
    this.#broadcast.close();
    this.#broadcast = undefined;
  }

  async #openPump(): Promise<Pump> {
    const { pumps, file, alignToWallClock, beginAt, once, onEnded, onFailed } = this.#options;
    const { video, audio, cname } = this.#tracks;
    const pump = await pumps.open({
      video: file.rungs,
      audio: file.audio,
      videoPayloadType: RTP_PAYLOAD_TYPES.video,
      audioPayloadType: RTP_PAYLOAD_TYPES.audio,
      ssrcs: { video: video?.ssrcs ?? [], audio: audio?.ssrc },
      cname,
      absCaptureTimeId: ABS_CAPTURE_TIME_ID,
      alignToWallClock,
      beginAt,
      once,
    });
    if (onEnded !== undefined) pump.onEnded(onEnded);
    pump.onFailed((error) => {
      this.#options.log.error({ err: error, channel: this.#options.channel.id }, 'the Pump failed');
      this.#pump = undefined;
      this.#opened = undefined;
      if (onFailed === undefined) this.#comeBack('the Pump failed');
      else onFailed(error);
    });
    return pump;
  }

  /** An SFU worker that died leaves the Pump running; a Pump that failed is opened anew. */
  #comeBack(why: string): void {
    this.#goOffAir();
    if (this.#recovering || this.#closing.signal.aborted) return;
    this.#recovering = true;
    this.#tryUntilOnAir(why)
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#options.log.error({ err: error }, 'off air');
      })
      .finally(() => {
        this.#recovering = false;
      });
  }

  async #tryUntilOnAir(why: string): Promise<void> {
    const { channel, log } = this.#options;
    const { signal } = this.#closing;
    for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_RETRY_MS)) {
      try {
        await this.#goOnAir();
        log.info({ channel: channel.id, why }, 'back on air');
        return;
      } catch (error) {
        log.warn({ err: error, channel: channel.id, retryMs: pauseMs }, 'not back on air yet');
        this.#goOffAir();
      }
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

type Tracks = Omit<RtpSource, 'address'>;

function tracksOf({ rungs, audio }: PlayableFile): Tracks {
  const ssrcs = rungs.map(() => randomSsrc());
  const bitrates = rungs.map(({ bitrate }) => bitrate);
  return {
    cname: randomUUID(),
    video: rungs.length === 0 ? undefined : { ssrcs, bitrates },
    audio: audio === undefined ? undefined : { ssrc: randomSsrc() },
  };
}

/** RFC 3550 section 8: chosen at random, so that two sources hardly ever meet. */
function randomSsrc(): number {
  return randomInt(1, 2 ** 32);
}

function layersOf({ rungs, framesPerSecond }: PlayableFile): Layer[] {
  if (framesPerSecond === undefined) return [];
  const rate = toNumber(framesPerSecond);
  return rungs.map(({ width, height, bitrate }) => ({
    width,
    height,
    bitrate,
    framesPerSecond: rate,
  }));
}
