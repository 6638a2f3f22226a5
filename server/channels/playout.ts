import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Layer } from '../../signaling/contract/index.ts';
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
  framesPerSecond?: { num: number; den: number } | undefined;
  audio?: { file: string } | undefined;
}

export interface PlayoutOptions {
  channel: Channel;
  file: PlayableFile;
  sfu: Sfu;
  pumps: PumpPool;
  /** Begin where the wall clock is in the file's period, so that a clock in the picture is right. */
  alignToWallClock?: boolean;
  log: Logger;
}

/** Between two tries to get back on air, while no SFU worker can take the broadcast. */
const RETRY_MS = 100;

/** A Publisher of kind `playout`: a prepared file that is pumped into a Channel, over and over. */
export class Playout {
  readonly #options: PlayoutOptions;
  readonly #source: RtpSource;
  readonly #pump: Pump;
  readonly #closing = new AbortController();
  #broadcast: Broadcast | undefined;

  private constructor(options: PlayoutOptions, source: RtpSource, pump: Pump) {
    this.#options = options;
    this.#source = source;
    this.#pump = pump;
  }

  /** Resolved when the Channel is on air. */
  static async start(options: PlayoutOptions): Promise<Playout> {
    const { file, pumps } = options;
    const tracks = sourceTracks(file);
    const pump = await pumps.open({
      video: file.rungs,
      audio: file.audio,
      videoPayloadType: RTP_PAYLOAD_TYPES.video,
      audioPayloadType: RTP_PAYLOAD_TYPES.audio,
      ssrcs: { video: tracks.video?.ssrcs ?? [], audio: tracks.audio?.ssrc },
      cname: tracks.cname,
      absCaptureTimeId: ABS_CAPTURE_TIME_ID,
      alignToWallClock: options.alignToWallClock,
    });
    const address = { ip: pump.localAddress, port: pump.localPort };
    const playout = new Playout(options, { address, ...tracks }, pump);
    pump.onFailed((error) => playout.#onPumpFailed(error));
    await playout.#goOnAir();
    return playout;
  }

  /** Ends the broadcast and the Pump. Idempotent. */
  close(): void {
    this.#closing.abort();
    if (this.#broadcast !== undefined) this.#options.channel.goOffAir(this.#broadcast);
    this.#broadcast = undefined;
    this.#pump.close();
  }

  async #goOnAir(): Promise<void> {
    const { sfu, channel, file } = this.#options;
    const { broadcast, target } = await sfu.publishRtp(this.#source, () => this.#onLost());
    if (this.#closing.signal.aborted) return broadcast.close();
    this.#broadcast = broadcast;
    await this.#pump.start(target);
    channel.goOnAir({ kind: 'playout', broadcast, layers: layersOf(file) });
  }

  /** The SFU worker died: the same Pump goes on into another one. */
  #onLost(): void {
    this.#goBackOnAir().catch((error: unknown) => {
      if (this.#closing.signal.aborted) return;
      this.#options.log.error({ err: error, channel: this.#options.channel.id }, 'off air');
    });
  }

  async #goBackOnAir(): Promise<void> {
    const { channel, log } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#goOnAir();
        log.info({ channel: channel.id }, 'back on air');
        return;
      } catch (error) {
        log.debug({ err: error, channel: channel.id }, 'not back on air yet');
      }
      if (this.#broadcast !== undefined) channel.goOffAir(this.#broadcast);
      await sleep(RETRY_MS, undefined, { signal });
    }
  }

  #onPumpFailed(error: Error): void {
    const { channel, log } = this.#options;
    log.error({ err: error, channel: channel.id }, 'the Pump failed; the Channel is off air');
    if (this.#broadcast !== undefined) channel.goOffAir(this.#broadcast);
  }
}

function sourceTracks({ rungs, audio }: PlayableFile): Omit<RtpSource, 'address'> {
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
  const rate = framesPerSecond.num / framesPerSecond.den;
  return rungs.map(({ width, height, bitrate }) => ({
    width,
    height,
    bitrate,
    framesPerSecond: rate,
  }));
}
