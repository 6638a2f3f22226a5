import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Layer } from '../../signaling/contract/index.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { LadderRelay, LadderRelays } from '../rtp/ladder-relay.ts';
import type { Broadcast } from '../sfu/broadcast.ts';
import type { Shortage } from '../sfu/layer-choice.ts';
import { type LadderTransport, openLadderTransport } from '../sfu/ladder-transport.ts';
import { ABS_CAPTURE_TIME_ID } from '../sfu/rtp-publishing.ts';
import {
  encoderArgs,
  LADDER_LAYERS,
  type LadderRung,
  planRungs,
  withRungs,
} from './ladder-plan.ts';

export interface LadderTools {
  relays: LadderRelays;
  ffmpeg: Pick<Ffmpeg, 'run'>;
  log: Logger;
}

export interface LadderOptions extends LadderTools {
  broadcast: Broadcast;
  /** It is over, and Viewers are to get the original from now on. Not called by `close()`. */
  onFailed: () => void;
}

/** As much as any Viewer needs, for the moment. */
export interface LadderDemand {
  /** A lower Layer is all that a device can use. */
  byDevice: boolean;
  /** A link carries less than the original. */
  byLink: Shortage;
}

/** An estimate may be low for a moment, as at the start of a connection. */
const LINK_PATIENCE_MS = 500;
/** Somebody else may need it soon: it goes on for so long. A link that was short is often short again. */
const LINGER_MS = 10_000;
const LINGER_BY_LINK_MS = 30_000;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** An encoder that ran for so long was a good one: the next failure is a new story. */
const PROVEN_MS = 10_000;
/** Below what a timer can count (2^31 ms), and what FLV can: then a fresh one. 20 days. */
const LONGEST_RUN_MS = 20 * 24 * 3_600_000;

const PAYLOAD_TYPE = 96;

/** Viewers wait for its pictures; those who need none of them come first. */
const NICENESS = 2;

/**
 * The lower Layers of one source that sends one. Its picture always goes through here on its way to
 * Viewers, untouched, as the top Layer; those below are made while somebody needs one.
 */
export class Ladder {
  readonly #options: LadderOptions;
  readonly #closing = new AbortController();
  #relay: LadderRelay | undefined;
  #transport: LadderTransport | undefined;
  #source: Layer | undefined;
  #wanted = false;
  #lingerMs = LINGER_MS;
  #change: NodeJS.Timeout | undefined;
  #encoding: AbortController | undefined;
  /** Ends one encoder, to be followed by another. */
  #round: AbortController | undefined;

  private constructor(options: LadderOptions) {
    this.#options = options;
  }

  /** @throws {Error} where the SFU or the thread does not play along */
  static async open(options: LadderOptions): Promise<Ladder> {
    const ladder = new Ladder(options);
    try {
      await ladder.#connect();
      return ladder;
    } catch (error) {
      ladder.close();
      throw error;
    }
  }

  /** Is an encoder at work? */
  get encodes(): boolean {
    return this.#encoding !== undefined;
  }

  /** The Layers as Viewers know them. @param source what the source sends, as measured */
  layersOf(source: Layer): Layer[] {
    const before = this.#source;
    this.#source = source;
    const same = before?.width === source.width && before.height === source.height;
    if (before === undefined) this.#start();
    else if (!same) this.#round?.abort(new Error('the picture has another size'));
    return withRungs(source);
  }

  /** Somebody needs a lower Layer, or nobody does any more. */
  demand({ byDevice, byLink }: LadderDemand): void {
    const wanted = byDevice || byLink !== 'none';
    const atOnce = byDevice || byLink === 'felt';
    if (wanted) this.#lingerMs = byLink === 'none' ? LINGER_MS : LINGER_BY_LINK_MS;
    if (wanted === this.#wanted && !atOnce) return;
    this.#wanted = wanted;
    clearTimeout(this.#change);
    if (wanted === this.encodes) return;
    if (atOnce) return this.#start();
    this.#change = wanted
      ? setTimeout(() => this.#start(), LINK_PATIENCE_MS)
      : setTimeout(() => this.#encoding?.abort(), this.#lingerMs);
  }

  /** Viewers get the original. Idempotent. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    clearTimeout(this.#change);
    this.#encoding?.abort();
    this.#transport?.close();
    this.#relay?.close();
  }

  async #connect(): Promise<void> {
    const { relays, broadcast } = this.#options;
    const ssrcs = Array.from({ length: LADDER_LAYERS }, () => randomInt(1, 2 ** 32));
    const source = { ssrcs, payloadType: PAYLOAD_TYPE, cname: randomUUID() };
    const relayed = { ...source, absCaptureTimeId: ABS_CAPTURE_TIME_ID };
    const relay = await relays.open(relayed, {
      flowing: () => this.#options.log.debug('lower layers flow'),
      stalled: () => this.#round?.abort(new Error('the encoder gives no pictures')),
      failed: (error) => this.#fail(error),
    });
    this.#relay = relay;
    const transport = await openLadderTransport(broadcast, {
      ...source,
      address: { ip: '127.0.0.1', port: relay.port },
    });
    this.#transport = transport;
    relay.start({ target: transport.target, sourceSsrc: transport.sourceSsrc });
  }

  #fail(error: Error): void {
    if (this.#closing.signal.aborted) return;
    this.#options.log.error({ err: error }, 'a ladder failed: viewers get the original');
    this.close();
    this.#options.onFailed();
  }

  /** Where somebody waits for it, and not before the size of the picture is known. */
  #start(): void {
    if (!this.#wanted || this.encodes || this.#closing.signal.aborted) return;
    if (this.#source === undefined) return;
    const encoding = new AbortController();
    this.#encoding = encoding;
    this.#encode(encoding.signal)
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'a ladder'))
      .finally(() => {
        this.#encoding = undefined;
        this.#start();
      });
  }

  /** One encoder after the other, until none is needed. */
  async #encode(signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const startedMs = performance.now();
      const error = await this.#runOnce(signal).catch((reason: unknown) => reason);
      if (signal.aborted) return;
      if (performance.now() - startedMs > PROVEN_MS) pauseMs = FIRST_PAUSE_MS;
      log.warn({ err: error, retryMs: pauseMs }, 'the encoder of lower layers ended');
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  async #runOnce(signal: AbortSignal): Promise<void> {
    if (this.#relay === undefined || this.#source === undefined) return;
    const rungs = planRungs(this.#source);
    this.#round = new AbortController();
    const folder = await mkdtemp(join(tmpdir(), 'sfumato-ladder-'));
    try {
      const paths = pathsIn(folder, rungs);
      await this.#relay.encode(paths);
      await this.#options.ffmpeg.run({
        args: encoderArgs(rungs, paths),
        signal: AbortSignal.any([signal, this.#round.signal]),
        timeLimitMs: LONGEST_RUN_MS,
        // A source that is cut off gives no pictures for as long as it likes; the relay tells what is a stall.
        stallLimitMs: LONGEST_RUN_MS,
        niceness: NICENESS,
      });
    } finally {
      this.#relay.rest();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function pathsIn(folder: string, rungs: readonly LadderRung[]) {
  return {
    input: join(folder, 'input'),
    outputs: rungs.map((_, index) => join(folder, `output-${index}`)),
  };
}
